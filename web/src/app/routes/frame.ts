import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { meQuery, setupQuery } from "@/api/account";
import { withWords, type Part } from "@/i18n/words";
import { Shell } from "../Shell";

interface Context {
  queries: QueryClient;
}

export const root = createRootRouteWithContext<Context>()({});

/** A screen comes when it is gone to, with the parts of the catalogue that it says. */
export const screen = (parts: readonly Part[], load: () => Promise<{ default: () => ReactNode }>) =>
  lazyRouteComponent(withWords(parts, load));

/** Rows are numbered; what is no number is asked for all the same, and the server says that there is no such. */
export const numbered = {
  parse: ({ id }: { id: string }) => ({ id: Number(id) }),
  stringify: ({ id }: { id: number }) => ({ id: String(id) }),
};

/** Everything behind the login, in the frame with the navigation. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me !== null) return { me };
    const setup = await context.queries.fetchQuery(setupQuery);
    if (setup.needs_first_user && !setup.single_password) throw redirect({ to: "/welcome" });
    throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: Shell,
});
