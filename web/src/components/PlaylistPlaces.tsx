import { useI18n } from "@/i18n";
import { Places } from "./Places";

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
  const name = (each: Place) => say(PLACES[each][1]);
  return <Places label={say("nav.playlists")} ways={PLACES} name={name} place={place} />;
}
