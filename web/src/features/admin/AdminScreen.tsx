import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { choice, Choices } from "@/components/Choices";
import { Screen } from "@/components/Screen";
import { useI18n } from "@/i18n";

const PLACES = ["users", "settings", "backups", "health", "logs", "audit"] as const;
type Place = (typeof PLACES)[number];

interface AdminScreenProps {
  place: Place;
  actions?: ReactNode;
  children: ReactNode;
}

/** One screen of the administration, with the ways to the others. */
export function AdminScreen({ place, actions, children }: AdminScreenProps) {
  const { say } = useI18n();
  return (
    <Screen title={say(`admin.${place}`)} actions={actions}>
      <Choices label={say("nav.admin")}>
        {PLACES.map((each) => (
          <Link key={each} to={`/admin/${each}`} {...choice(each === place)}>
            {say(`admin.${each}`)}
          </Link>
        ))}
      </Choices>
      {children}
    </Screen>
  );
}
