import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { choice, Choices } from "@/components/Choices";
import { Screen } from "@/components/Screen";
import { useI18n } from "@/i18n";

const PLACES = {
  links: "/links",
  history: "/links/history",
  sites: "/links/sites",
  profiles: "/links/profiles",
} as const;
type Place = keyof typeof PLACES;

interface FollowScreenProps {
  place: Place;
  actions?: ReactNode;
  children: ReactNode;
}

/** One of the screens about what is followed, with the ways to the others. */
export function FollowScreen({ place, actions, children }: FollowScreenProps) {
  const { say } = useI18n();
  return (
    <Screen title={say(`follow.${place}`)} actions={actions}>
      <Choices label={say("nav.links")}>
        {(Object.keys(PLACES) as Place[]).map((each) => (
          <Link
            key={each}
            to={PLACES[each]}
            search={{}}
            activeOptions={{ exact: true, includeSearch: false }}
            {...choice(each === place)}
          >
            {say(`follow.${each}`)}
          </Link>
        ))}
      </Choices>
      {children}
    </Screen>
  );
}
