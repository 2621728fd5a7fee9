import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "@/api/settings";
import { useShowResets, type PendingReset } from "@/api/users";
import { CopyText } from "@/components/CopyText";
import { forms } from "@/components/Form";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";

/** Where no mail is set up, a superuser hands over the links for new passwords. Each is shown once, so only when asked for. */
export function PendingResets() {
  const { say } = useI18n();
  const { data: settings } = useQuery(settingsQuery);
  const show = useShowResets();
  const mail = settings?.find(({ name }) => name === "smtp_url");
  if (mail === undefined || mail.has_value) return null;
  return (
    <Section title={say("resets.title")}>
      <p className={forms.note}>{say("resets.note")}</p>
      {show.error && <ErrorNote error={show.error} />}
      {show.data?.length === 0 && <p role="status">{say("resets.none")}</p>}
      {show.data && show.data.length > 0 && (
        <Rows label={say("resets.title")}>
          {show.data.map((reset) => (
            <ResetRow key={reset.id} reset={reset} />
          ))}
        </Rows>
      )}
      <div className={forms.answersLeft}>
        <Button size="xs" variant="default" loading={show.isPending} onClick={() => show.mutate()}>
          {say("resets.show")}
        </Button>
      </div>
    </Section>
  );
}

function ResetRow({ reset }: { reset: PendingReset }) {
  const { say, ago } = useI18n();
  // Without a public address the server tells the path alone.
  const link = new URL(reset.link, location.origin).href;
  return (
    <Row
      title={reset.username}
      facts={[
        say("resets.asked", { time: ago(reset.created_at) }),
        say("resets.expires", { time: ago(reset.expires_at) }),
      ]}
    >
      <CopyText label={say("resets.link", { name: reset.username })} text={link} />
    </Row>
  );
}
