import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { profilesQuery, useDeleteProfile, type SavingProfile } from "@/api/profiles";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { forms } from "@/components/Form";
import { IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { FollowScreen } from "@/features/links/FollowScreen";
import { useI18n } from "@/i18n";
import { ProfileDialog } from "./ProfileDialog";
import { useProfileName } from "./words";

/** How media are saved: what ships with Magpie, and one's own. */
export default function ProfilesPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(profilesQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say("profiles.add")}
    </Button>
  );
  // One's own first: they are what one comes for.
  const sorted = data && [...data].sort((one, other) => Number(one.is_shipped) - Number(other.is_shipped));
  return (
    <FollowScreen place="profiles" actions={add}>
      <p className={forms.note}>{say("profiles.note")}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={6} height={64} />}
      {sorted && (
        <Rows label={say("follow.profiles")}>
          {sorted.map((profile) => (
            <ProfileRow key={profile.name} profile={profile} />
          ))}
        </Rows>
      )}
      {adding && <ProfileDialog onClose={() => setAdding(false)} />}
    </FollowScreen>
  );
}

function ProfileRow({ profile }: { profile: SavingProfile }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const nameOf = useProfileName();
  const remove = useDeleteProfile();
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const { id, spec } = profile;
  const name = { name: nameOf(profile.name) };
  const links = profile.links ?? 0;
  return (
    <Row
      title={
        <>
          <span dir="auto">{name.name}</span>
          {profile.is_shipped && <Tag>{say("profiles.shipped")}</Tag>}
        </>
      }
      facts={[
        say(`kind.${spec.kind ?? "video"}`),
        spec.max_height && say("profiles.upTo", { height: String(spec.max_height) }),
        spec.container && spec.container !== "keep" && spec.container.toUpperCase(),
        spec.audio_format && spec.audio_format !== "keep" && spec.audio_format.toUpperCase(),
        spec.media_server && say(`profiles.server.${spec.media_server}`),
        spec.template,
        links > 0 && say("profiles.links", { count: links }),
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            aria-label={say(profile.is_shipped ? "profiles.copyNamed" : "profiles.editNamed", name)}
            onClick={() => setDialog("edit")}
          >
            {say(profile.is_shipped ? "profiles.copy" : "link.edit")}
          </Button>
          {id !== null && (
            <Button
              size="xs"
              variant="default"
              aria-label={say("profiles.deleteNamed", name)}
              onClick={() => setDialog("delete")}
            >
              {say("notices.delete")}
            </Button>
          )}
        </>
      }
    >
      {dialog === "edit" && <ProfileDialog profile={profile} onClose={() => setDialog(null)} />}
      {dialog === "delete" && id !== null && (
        <ConfirmDialog
          title={say("profiles.deleteNamed", name)}
          text={say("profiles.deleteText")}
          keep={say("form.keep")}
          go={say("notices.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onGo={() => remove.mutate(id, { onSuccess: () => tell(say("profiles.deleted", name)) })}
        />
      )}
    </Row>
  );
}
