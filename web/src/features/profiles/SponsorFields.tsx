import type { ProfileSpec } from "@/api/profiles";
import { ChoiceField } from "@/components/ChoiceField";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { useI18n } from "@/i18n";
import styles from "./ProfileDialog.module.css";
import { canBeCut, FATES, fateOf, MARKABLE, withFate, type Fate } from "./sponsors";

interface SponsorFieldsProps {
  sponsorblock: ProfileSpec["sponsorblock"];
  onChange: (sponsorblock: NonNullable<ProfileSpec["sponsorblock"]>) => void;
}

/** What becomes of the parts that SponsorBlock's users have marked, kind by kind. */
export function SponsorFields({ sponsorblock = {}, onChange }: SponsorFieldsProps) {
  const { say } = useI18n();
  const marked = sponsorblock.mark?.length ?? 0;
  const cut = sponsorblock.remove?.length ?? 0;
  const note = [
    cut > 0 && say("profiles.sponsors.cut", { count: cut }),
    marked > 0 && say("profiles.sponsors.marked", { count: marked }),
  ].filter((each) => each !== false);
  return (
    <Fold
      title={say("profiles.sponsors")}
      note={note.join(", ") || say("profiles.sponsors.none")}
      open={marked + cut > 0}
    >
      <p className={forms.note}>{say("profiles.sponsorsNote")}</p>
      <div className={styles["pair"]}>
        {MARKABLE.map((category) => (
          <ChoiceField<Fate>
            key={category}
            label={say(`profiles.sponsor.${category}`)}
            value={fateOf(sponsorblock, category)}
            options={FATES.filter((fate) => fate !== "remove" || canBeCut(category)).map(
              (fate) => [fate, say(`profiles.fate.${fate}`)] as const,
            )}
            onChange={(fate) => onChange(withFate(sponsorblock, category, fate))}
          />
        ))}
      </div>
    </Fold>
  );
}
