import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { serverPlaylistsQuery, serversQuery, type Server } from "@/api/servers";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { IconPlus } from "@/components/icons";
import { ErrorNote, LoadingRows } from "@/components/states";
import { ServerDialog } from "@/features/servers/ServerDialog";
import { useI18n } from "@/i18n";
import type { TargetDraft } from "./draft";
import styles from "./TaskForm.module.css";

interface TargetsFieldProps {
  targets: readonly TargetDraft[];
  fault: string | false;
  /** The playlists that are kept so far, by server. */
  kept: ReadonlyMap<number, string>;
  onChange: (targets: readonly TargetDraft[]) => void;
}

/** On which servers, and as which playlist there. */
export function TargetsField({ targets, fault, kept, onChange }: TargetsFieldProps) {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(serversQuery);
  const [adds, setAdds] = useState(false);
  const only = data?.length === 1 ? data[0]?.id : undefined;

  // Where there is one server, nobody has to choose it.
  useEffect(() => {
    if (only !== undefined && targets.length === 0) onChange([{ server: only, playlist: "" }]);
    // Whoever takes the only one away again may do so.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [only]);

  const toggle = (server: number, yes: boolean) =>
    onChange(
      yes
        ? [...targets, { server, playlist: kept.get(server) ?? "" }]
        : targets.filter((each) => each.server !== server),
    );
  return (
    <fieldset className={forms.group}>
      <legend>{say("task.form.targets")}</legend>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={1} height={40} />}
      {data?.length === 0 && <p>{say("tasks.noServer")}</p>}
      {data?.map((server) => {
        const target = targets.find((each) => each.server === server.id);
        return (
          <div key={server.id} className={styles["target"]}>
            <Checkbox
              name="target"
              label={server.name}
              checked={target !== undefined}
              onChange={(event) => toggle(server.id, event.currentTarget.checked)}
            />
            {target && (
              <PlaylistChoice
                server={server}
                value={target.playlist}
                kept={kept.get(server.id)}
                onChange={(playlist) =>
                  onChange(targets.map((each) => (each.server === server.id ? { ...each, playlist } : each)))
                }
              />
            )}
          </div>
        );
      })}
      {fault && (
        <p className={styles["fault"]} role="alert">
          {fault}
        </p>
      )}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAdds(true)}
        >
          {say("task.form.addServer")}
        </Button>
      </div>
      {adds && (
        <ServerDialog
          server={null}
          onClose={() => setAdds(false)}
          onSaved={({ id }) => onChange([...targets, { server: id, playlist: "" }])}
        />
      )}
    </fieldset>
  );
}

interface PlaylistChoiceProps {
  server: Server;
  value: string;
  kept: string | undefined;
  onChange: (playlist: string) => void;
}

/** A new playlist, or one that is on the server already. A server that does not answer leaves the new one. */
function PlaylistChoice({ server, value, kept, onChange }: PlaylistChoiceProps) {
  const { say } = useI18n();
  const { data } = useQuery(serverPlaylistsQuery(server.id));
  const there = (data ?? []).filter((each) => each.is_writable || each.id === value);
  const options = there.map(
    ({ id, title, count }) => [id, say("task.form.playlistCount", { title, count })] as const,
  );
  const known = new Set(options.map(([id]) => id));
  if (value !== "" && !known.has(value)) options.unshift([value, say("task.form.playlistKept")]);
  return (
    <ChoiceField
      label={say("task.form.playlist", { server: server.name })}
      value={value}
      options={kept ? options : [["", say("task.form.playlistNew")], ...options]}
      onChange={onChange}
    />
  );
}
