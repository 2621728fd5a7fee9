import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { artistsQuery, useDeleteArtist, useSaveArtist, type ArtistNames } from "@/api/artists";
import { forms } from "@/components/Form";
import { IconEdit, IconPlus, IconTrash, IconUser } from "@/components/icons";
import { PlaylistPlaces } from "@/components/PlaylistPlaces";
import { Row, Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { ArtistDialog } from "./ArtistDialog";

/** Names of artists that one has added to the table that ships: two names of one artist match then. */
export default function ArtistsPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(artistsQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say("artists.add")}
    </Button>
  );
  return (
    <Screen title={say("artists.title")} actions={add}>
      <PlaylistPlaces place="artists" />
      <p className={forms.note}>{say("artists.note")}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={64} />}
      {data?.length === 0 && (
        <Empty icon={<IconUser size={24} />} title={say("artists.none")} note={say("artists.noneNote")} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("artists.title")}>
          {data.map((artist) => (
            <ArtistRow key={artist.id} artist={artist} />
          ))}
        </Rows>
      )}
      <p className={forms.note}>{say("artists.extend")}</p>
      {adding && <ArtistDialog onClose={() => setAdding(false)} />}
    </Screen>
  );
}

function ArtistRow({ artist: { id, names } }: { artist: ArtistNames }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const remove = useDeleteArtist();
  const restore = useSaveArtist();
  const [editing, setEditing] = useState(false);
  const [name = "", ...others] = names;
  const onDelete = () =>
    remove.mutate(id, {
      onSuccess: () =>
        tell(say("artists.deleted", { name }), {
          label: say("library.undo"),
          onAct: () => restore.mutate({ id: null, names }, { onError: complain }),
        }),
      onError: complain,
    });
  return (
    <Row
      title={<span dir="auto">{name}</span>}
      facts={others.map((other) => (
        <span key={other} dir="auto">
          {other}
        </span>
      ))}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconEdit size={16} aria-hidden />}
            aria-label={say("artists.editNamed", { name })}
            onClick={() => setEditing(true)}
          >
            {say("artists.edit")}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            aria-label={say("artists.deleteNamed", { name })}
            disabled={remove.isPending}
            onClick={onDelete}
          >
            {say("artists.delete")}
          </Button>
        </>
      }
    >
      {editing && <ArtistDialog artist={{ id, names }} onClose={() => setEditing(false)} />}
    </Row>
  );
}
