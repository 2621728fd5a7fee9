import { Link } from "@tanstack/react-router";
import { useI18n } from "@/i18n";
import { choice, Choices } from "./Choices";

const PLACES = {
  playlists: ["/playlists", "places.playlists"],
  missing: ["/playlists/missing", "missing.title"],
  artists: ["/playlists/artists", "artists.title"],
  servers: ["/playlists/servers", "places.servers"],
} as const;
type Place = keyof typeof PLACES;

/** The ways between the screens about playlists. */
export function PlaylistPlaces({ place }: { place: Place }) {
  const { say } = useI18n();
  return (
    <Choices label={say("nav.playlists")}>
      {(Object.keys(PLACES) as Place[]).map((each) => {
        const [to, key] = PLACES[each];
        return (
          <Link
            key={each}
            to={to}
            search={{}}
            activeOptions={{ exact: true, includeSearch: false }}
            {...choice(each === place)}
          >
            {say(key)}
          </Link>
        );
      })}
    </Choices>
  );
}
