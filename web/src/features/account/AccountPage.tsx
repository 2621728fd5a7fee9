import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { meQuery, setupQuery } from "@/api/account";
import { Card } from "@/components/Card";
import { Screen, Section } from "@/components/Screen";
import { useI18n } from "@/i18n";
import { Notifications } from "./Notifications";
import { PasswordForm } from "./PasswordForm";
import { ProfileForm } from "./ProfileForm";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

/** One's own account: who one is, the password, where one is signed in, and the tokens of one's scripts. */
export default function AccountPage() {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const { data: setup } = useSuspenseQuery(setupQuery);
  return (
    <Screen title={say("me.title")}>
      <Section title={say("me.profile")}>
        <Card>{me && <ProfileForm me={me} />}</Card>
      </Section>
      {!setup.single_password && (
        <Section title={say("me.password")}>
          <Card>
            <PasswordForm username={me?.username ?? ""} />
          </Card>
        </Section>
      )}
      <Notifications />
      <Sessions />
      <Tokens />
    </Screen>
  );
}
