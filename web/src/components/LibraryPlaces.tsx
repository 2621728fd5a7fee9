import { useI18n } from "@/i18n";
import { Places } from "./Places";

const PLACES = {
  library: ["/library", "places.library"],
  collections: ["/library/collections", "places.collections"],
  trash: ["/library/trash", "places.trash"],
  storage: ["/library/storage", "places.storage"],
  feeds: ["/library/feeds", "places.feeds"],
} as const;
type Place = keyof typeof PLACES;

/** The ways between the screens of the library. */
export function LibraryPlaces({ place }: { place: Place }) {
  const { say } = useI18n();
  const name = (each: Place) => say(PLACES[each][1]);
  return <Places label={say("nav.library")} ways={PLACES} name={name} place={place} />;
}
