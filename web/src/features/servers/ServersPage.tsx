import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { serversQuery, useDeleteServer, type Server } from "@/api/servers";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconPlus, IconServer } from "@/components/icons";
import { PlaylistPlaces } from "@/components/PlaylistPlaces";
import { Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { ServerDialog } from "./ServerDialog";
import { ServerRow } from "./ServerRow";

/** The media servers that playlists are kept on. */
export default function ServersPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(serversQuery);
  const [edited, setEdited] = useState<Server | "new" | null>(null);
  const [doomed, setDoomed] = useState<Server | null>(null);
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited("new")}>
      {say("servers.add")}
    </Button>
  );
  return (
    <Screen title={say("places.servers")} actions={add}>
      <PlaylistPlaces place="servers" />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={96} />}
      {data?.length === 0 && (
        <Empty icon={<IconServer size={24} />} title={say("servers.none")} note={say("servers.noneNote")} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("places.servers")}>
          {data.map((server) => (
            <ServerRow
              key={server.id}
              server={server}
              onEdit={() => setEdited(server)}
              onDelete={() => setDoomed(server)}
            />
          ))}
        </Rows>
      )}
      {edited !== null && (
        <ServerDialog server={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {doomed !== null && <Farewell server={doomed} onClose={() => setDoomed(null)} />}
    </Screen>
  );
}

function Farewell({ server, onClose }: { server: Server; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const forget = useDeleteServer();
  return (
    <ConfirmDialog
      title={say("servers.delete.title", { name: server.name })}
      text={say("servers.delete.text")}
      keep={say("form.keep")}
      go={say("servers.delete.go")}
      busy={forget.isPending}
      error={forget.error}
      onClose={onClose}
      onGo={() =>
        forget.mutate(server.id, {
          onSuccess: () => {
            tell(say("servers.deleted", { name: server.name }));
            onClose();
          },
        })
      }
    />
  );
}
