import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { CookieMode } from "@/api/links";
import { useGiveCookies, type Site } from "@/api/sites";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { CookiesField } from "@/features/links/CookiesField";
import { useI18n } from "@/i18n";

/** Cookies for a site: for one that is listed, or for one that is named here. */
export function CookiesDialog({ site, onClose }: { site?: Site; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const give = useGiveCookies();
  const [name, setName] = useState(site?.site ?? "");
  const [cookies, setCookies] = useState("");
  const [mode, setMode] = useState<CookieMode>(site?.cookies.mode ?? "when_needed");
  const has = site?.cookies.has_cookies ?? false;
  const ready = name.trim() !== "" && (has || cookies.trim() !== "");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const chosen = name.trim();
    give.mutate(
      { site: chosen, mode, ...(cookies.trim() === "" ? {} : { cookies }) },
      {
        onSuccess: () => {
          tell(say("sites.given", { name: chosen }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog title={site ? say("sites.giveNamed", { name: site.site }) : say("sites.add")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {give.error && <ErrorNote error={give.error} />}
        {!site && (
          <TextInput
            label={say("sites.name")}
            description={say("sites.nameNote")}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <CookiesField
          has={has}
          cookies={cookies}
          mode={mode}
          mayForget={false}
          onCookies={(typed) => setCookies(typed ?? "")}
          onMode={setMode}
        />
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" disabled={!ready} loading={give.isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
