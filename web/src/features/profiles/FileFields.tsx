import { Checkbox } from "@mantine/core";
import type { ProfileSpec } from "@/api/profiles";
import { ChoiceField } from "@/components/ChoiceField";
import { Fold } from "@/components/Fold";
import { useI18n } from "@/i18n";
import styles from "./ProfileDialog.module.css";

/** What may be left to the media server to say. */
const LEFT = ["nfo", "thumbnail"] as const;
const EMBEDDED = ["metadata", "chapters", "thumbnail"] as const;
/** What goes into a file where nothing else is said, as at the server. */
const USUAL = { metadata: true, chapters: true, thumbnail: false };

interface FileFieldsProps {
  spec: ProfileSpec;
  onChange: (part: Partial<ProfileSpec>) => void;
}

/** What is put beside the media, and into them. */
export function FileFields({ spec, onChange }: FileFieldsProps) {
  const { say } = useI18n();
  const side = spec.side_files ?? {};
  const embed = { ...USUAL, ...spec.embed };
  const set =
    side.info_json === true ||
    LEFT.some((each) => (side[each] ?? null) !== null) ||
    EMBEDDED.some((each) => embed[each] !== USUAL[each]);
  return (
    <Fold
      title={say("profiles.files")}
      note={say(set ? "profiles.files.own" : "profiles.byServer")}
      open={set}
    >
      <div className={styles["pair"]}>
        {LEFT.map((each) => (
          <ChoiceField
            key={each}
            label={say(`profiles.side.${each}`)}
            value={choiceOf(side[each])}
            options={[
              ["", say("profiles.byServer")],
              ["yes", say("profiles.yes")],
              ["no", say("profiles.no")],
            ]}
            onChange={(choice) =>
              onChange({ side_files: { ...side, [each]: choice === "" ? null : choice === "yes" } })
            }
          />
        ))}
      </div>
      <Checkbox
        label={say("profiles.side.info_json")}
        checked={side.info_json ?? false}
        onChange={(event) => onChange({ side_files: { ...side, info_json: event.currentTarget.checked } })}
      />
      {spec.kind !== "gallery" && (
        <fieldset className={styles["group"]}>
          <legend>{say("profiles.embed")}</legend>
          {EMBEDDED.map((each) => {
            const impossible = each === "thumbnail" && spec.container === "webm";
            return (
              <Checkbox
                key={each}
                label={say(`profiles.embed.${each}`)}
                description={impossible ? say("profiles.embed.notInWebm") : undefined}
                disabled={impossible}
                checked={embed[each] && !impossible}
                onChange={(event) => onChange({ embed: { ...embed, [each]: event.currentTarget.checked } })}
              />
            );
          })}
        </fieldset>
      )}
    </Fold>
  );
}

function choiceOf(said: boolean | null | undefined): "" | "yes" | "no" {
  if (said === true) return "yes";
  return said === false ? "no" : "";
}
