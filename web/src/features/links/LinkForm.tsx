import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { LINK_TYPES, type Link } from "@/api/links";
import { profilesQuery } from "@/api/profiles";
import { Card } from "@/components/Card";
import { ChoiceField } from "@/components/ChoiceField";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useProfileName } from "@/features/profiles/words";
import { useI18n } from "@/i18n";
import { CookiesField } from "./CookiesField";
import { filtersOf, keepDraft, notNumbers, readDraft, type CookiesTyped, type Draft } from "./draft";
import styles from "./LinkForm.module.css";
import { DraftField, RetentionFields, RulesFields } from "./RulesFields";
import { RulesPreview } from "./RulesPreview";
import { everyWords } from "./words";

const INTERVALS = [15, 30, 60, 180, 360, 720, 1440, 10_080];

interface LinkFormProps {
  /** What the draft is kept under while it is typed. */
  draftKey: string;
  first: Draft;
  link?: Link;
  busy: boolean;
  error: unknown;
  submit: string;
  cancel: ReactNode;
  onSubmit: (draft: Draft, cookies: CookiesTyped) => void;
}

/** Adds a link or changes one. What is typed stays through errors, a reload, and the login after an ended session. */
export function LinkForm({ draftKey, first, link, busy, error, submit, cancel, onSubmit }: LinkFormProps) {
  const { say } = useI18n();
  const [kept] = useState(() => readDraft(draftKey));
  const [draft, setDraft] = useState<Draft>(kept ?? first);
  const [isKept, setIsKept] = useState(kept !== null);
  const [cookies, setCookies] = useState<CookiesTyped>("");
  const [tried, setTried] = useState(false);
  const wrong = new Set(notNumbers(draft));
  const noAddress = draft.url.trim() === "";
  const opened = location.hash.slice(1);

  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    keepDraft(draftKey, next);
  };
  const startOver = () => {
    keepDraft(draftKey, null);
    setDraft(first);
    setIsKept(false);
  };
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const [fault] = noAddress ? (["url"] as const) : wrong;
    if (fault === undefined) onSubmit(draft, cookies);
    else revealed(event.currentTarget, fault)?.focus();
  };

  const part = { draft, wrong, onChange: change };
  const profiles = useProfiles(draft.profile, link === undefined);
  const rules = Object.keys(filtersOf(draft)).length;
  const kept4 = [draft.keepLast, draft.keepDays, draft.keepGb, draft.upgradeAfterDays].filter(Boolean).length;
  const ownInterval = Number(draft.interval);
  const intervals = INTERVALS.includes(ownInterval) || !ownInterval ? INTERVALS : [...INTERVALS, ownInterval];
  return (
    <form className={forms.form} onSubmit={send} noValidate>
      {isKept && (
        <div className={styles["kept"]} role="status">
          <span>{say("link.form.kept")}</span>
          <Button size="xs" variant="default" onClick={startOver}>
            {say("link.form.startOver")}
          </Button>
        </div>
      )}
      <Card>
        <div className={forms.form}>
          <DraftField
            {...part}
            type="url"
            name="url"
            says="link.form.url"
            notes="link.form.urlNote"
            fault={tried && noAddress && say("link.form.noUrl")}
          />
          <div className={styles["pair"]}>
            <DraftField {...part} name="name" says="link.form.name" notes="link.form.nameNote" />
            <DraftField {...part} name="tags" says="link.form.tags" notes="link.form.tagsNote" />
          </div>
          <div className={styles["pair"]}>
            <ChoiceField
              label={say("link.form.profile")}
              value={draft.profile}
              options={profiles}
              onChange={(profile) => change({ profile })}
            />
            <ChoiceField
              label={say("link.form.type")}
              value={draft.type}
              options={["auto" as const, ...LINK_TYPES.filter((each) => each !== "auto")].map(
                (each) => [each, say(each === "auto" ? "link.form.typeAuto" : `link.type.${each}`)] as const,
              )}
              onChange={(type) => change({ type })}
            />
          </div>
          <Checkbox
            label={say("link.form.automatic")}
            description={say("link.form.automaticNote")}
            checked={draft.automatic}
            onChange={(event) => change({ automatic: event.currentTarget.checked })}
          />
          <Checkbox
            label={say("link.form.enabled")}
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
        </div>
      </Card>
      <Fold
        title={say("link.form.schedule")}
        note={ownInterval ? everyWords(ownInterval, say) : say("link.form.intervalDefault")}
        open={draft.interval !== "" || draft.maxInterval !== ""}
      >
        <div className={styles["pair"]}>
          <ChoiceField
            label={say("link.form.interval")}
            value={draft.interval}
            options={[
              ["", say("link.form.intervalDefault")] as const,
              ...intervals.map((each) => [String(each), everyWords(each, say)] as const),
            ]}
            onChange={(interval) => change({ interval })}
          />
          <DraftField
            {...part}
            numeric
            name="maxInterval"
            says="link.form.maxInterval"
            notes="link.form.maxIntervalNote"
          />
        </div>
      </Fold>
      <Fold
        title={say("link.form.rules")}
        note={rules === 0 ? say("link.form.noRules") : say("link.form.rulesSet", { count: rules })}
        open={rules > 0 || opened === "rules"}
        id="rules"
      >
        <RulesFields {...part} />
        {link === undefined && <p className={forms.note}>{say("preview.later")}</p>}
        {link !== undefined && wrong.size === 0 && <RulesPreview link={link.id} filters={filtersOf(draft)} />}
      </Fold>
      <Fold
        title={say("link.form.retention")}
        note={say(kept4 > 0 ? "link.form.retentionSet" : "link.form.retentionNone")}
        open={kept4 > 0}
      >
        <RetentionFields {...part} />
      </Fold>
      <Fold
        title={say("link.form.cookies")}
        note={say(link?.has_cookies ? "link.form.cookiesHas" : "link.form.cookiesNone")}
        open={opened === "cookies"}
        id="cookies"
      >
        <CookiesField
          has={link?.has_cookies ?? false}
          cookies={cookies}
          mode={draft.cookieMode}
          onCookies={setCookies}
          onMode={(cookieMode) => change({ cookieMode })}
        />
      </Fold>
      {error !== null && error !== undefined && <ErrorNote error={error} />}
      <div className={styles["foot"]}>
        {cancel}
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** The profiles to choose from; the one in use among them even while the others are on their way. */
function useProfiles(chosen: string, mayBeLeftOut: boolean): (readonly [string, string])[] {
  const { say } = useI18n();
  const nameOf = useProfileName();
  const { data } = useQuery(profilesQuery);
  const names = data?.map(({ name }) => name) ?? [];
  if (chosen !== "" && !names.includes(chosen)) names.push(chosen);
  const all = names.map((name) => [name, nameOf(name)] as const);
  return mayBeLeftOut ? [["", say("link.form.profileAuto")], ...all] : all;
}

/** The field of a name, with the fold around it open. */
function revealed(form: HTMLFormElement, name: string): HTMLElement | null {
  const field = form.querySelector<HTMLElement>(`[name="${name}"]`);
  const fold = field?.closest("details");
  if (fold) fold.open = true;
  return field;
}
