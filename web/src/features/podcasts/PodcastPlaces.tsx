import { Link } from "@tanstack/react-router";
import { choice, Choices } from "@/components/Choices";
import { useI18n } from "@/i18n";

const PLACES = {
  episodes: ["/podcasts", "podcasts.places.episodes"],
  templates: ["/podcasts/templates", "podcasts.places.templates"],
  digests: ["/podcasts/digests", "podcasts.places.digests"],
} as const;
type Place = keyof typeof PLACES;

/** The ways between the screens about podcasts. */
export function PodcastPlaces({ place }: { place: Place }) {
  const { say } = useI18n();
  return (
    <Choices label={say("nav.podcasts")}>
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
