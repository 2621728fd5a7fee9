import { useQuery } from "@tanstack/react-query";
import { librariesQuery, type MusicLibrary, type Server } from "@/api/servers";
import { ChoiceField } from "@/components/ChoiceField";
import { useI18n } from "@/i18n";

interface LibraryFieldProps {
  /** As a test of the connection has told them just now. */
  libraries: readonly MusicLibrary[] | undefined;
  server: Server | null;
  value: string;
  onChange: (library: string) => void;
}

/** Which of the server's music libraries counts. */
export function LibraryField({ libraries, server, value, onChange }: LibraryFieldProps) {
  const { say } = useI18n();
  const { data } = useQuery({ ...librariesQuery(server?.id ?? 0), enabled: server !== null && !libraries });
  const known = libraries ?? data;
  const options = (known ?? []).map(({ id, name }) => [id, name] as const);
  // The chosen one stays to be seen while the server is away.
  if (value !== "" && !options.some(([id]) => id === value)) options.push([value, value]);
  return (
    <ChoiceField
      label={say("servers.library")}
      {...(known ? {} : { description: say("servers.libraryAsk") })}
      value={value}
      options={[["", say("servers.libraryAll")], ...options]}
      onChange={onChange}
    />
  );
}
