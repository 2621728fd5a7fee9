import "./theme/mantine.css";
import "./theme/variables.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { setUpClient, whenSignedOut } from "./api/http";
import { createQueryClient } from "./app/queries";
import { createAppRouter } from "./app/router";
import { ToastProvider } from "./components/Toasts";
import { I18nProvider } from "./i18n";
import { preferredLanguage } from "./i18n/language";
import { words } from "./i18n/words";
import { theme } from "./theme/theme";

const queries = createQueryClient();
const router = createAppRouter(queries);
setUpClient();
whenSignedOut(() => {
  const here = router.state.location;
  if (here.pathname === "/login") return;
  queries.clear();
  void router.navigate({ to: "/login", search: { next: here.href, ended: true } });
});

const language = preferredLanguage();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

// The words are asked for first: so the first screen's own come in this language.
const spoken = words.speak(language);
void router.load();
void spoken.then((catalogue) => {
  createRoot(root).render(
    // No variables and no classes made at run time: they would be style elements, which the policy forbids.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <I18nProvider language={language} catalogue={catalogue}>
        <QueryClientProvider client={queries}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </QueryClientProvider>
      </I18nProvider>
    </MantineProvider>,
  );
});
