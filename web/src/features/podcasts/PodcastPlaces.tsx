import { Places } from "@/components/Places";
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
  const name = (each: Place) => say(PLACES[each][1]);
  return <Places label={say("nav.podcasts")} ways={PLACES} name={name} place={place} />;
}
