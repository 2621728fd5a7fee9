import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { choice, Choices } from "@/components/Choices";
import { Screen } from "@/components/Screen";
import { useI18n } from "@/i18n";

export const PLACES = ["links", "history", "sites"] as const;
export type Place = (typeof PLACES)[number];

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
        {PLACES.map((each) => (
          <Link key={each} to={`/${each}`} search={{}} {...choice(each === place)}>
            {say(`follow.${each}`)}
          </Link>
        ))}
      </Choices>
      {children}
    </Screen>
  );
}
