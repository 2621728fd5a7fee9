import { Checkbox, Input, Textarea } from "@mantine/core";
import { useId } from "react";
import { COOKIE_MODES, type CookieMode } from "@/api/links";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import type { CookiesTyped } from "./draft";

/** As the server's bound. */
const MAX_BYTES = 256 * 1024;

interface CookiesFieldProps {
  /** Whether the server has some already; it never gives them back. */
  has: boolean;
  cookies: CookiesTyped;
  mode: CookieMode;
  mayForget?: boolean;
  onCookies: (cookies: CookiesTyped) => void;
  onMode: (mode: CookieMode) => void;
}

/** Cookies go in, as a file or pasted, and never come out. */
export function CookiesField({ has, cookies, mode, mayForget = true, onCookies, onMode }: CookiesFieldProps) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const id = useId();
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MAX_BYTES) complain(new Error(say("cookies.tooLarge")));
    else onCookies(await file.text());
  };
  return (
    <>
      <p className={forms.note}>{say("cookies.note")}</p>
      {has && <p>{say("cookies.has")}</p>}
      <Textarea
        label={say(has ? "cookies.replace" : "cookies.paste")}
        description={say("cookies.forms")}
        rows={4}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        disabled={cookies === null}
        value={cookies ?? ""}
        onChange={(event) => onCookies(event.currentTarget.value)}
      />
      <Input.Wrapper label={say("cookies.file")} labelProps={{ htmlFor: id }}>
        <input
          id={id}
          className={forms.file}
          type="file"
          accept=".txt,.json,text/plain,application/json"
          disabled={cookies === null}
          onChange={(event) => void read(event.currentTarget.files?.[0])}
        />
      </Input.Wrapper>
      {has && mayForget && (
        <Checkbox
          label={say("cookies.forget")}
          checked={cookies === null}
          onChange={(event) => onCookies(event.currentTarget.checked ? null : "")}
        />
      )}
      <ChoiceField
        label={say("cookies.mode")}
        value={mode}
        options={COOKIE_MODES.map((each) => [each, say(`cookies.mode.${each}`)] as const)}
        onChange={onMode}
      />
    </>
  );
}
