import { Link } from "@tanstack/react-router";
import { useI18n } from "@/i18n";
import { choice, Choices } from "./Choices";

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
  return (
    <Choices label={say("nav.library")}>
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
