import { useQuery } from "@tanstack/react-query";
import { musicQuery } from "@/api/voices";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { useI18n } from "@/i18n";
import type { MusicDraft } from "./draft";
import styles from "./Make.module.css";

/** Music before, after and under the speech: files that lie on the server. */
export function MusicFields({
  music,
  onChange,
}: {
  music: MusicDraft;
  onChange: (music: MusicDraft) => void;
}) {
  const { say } = useI18n();
  const { data } = useQuery(musicQuery);
  const names = [...new Set([...(data?.files ?? []), music.intro, music.outro, music.bed])]
    .filter(Boolean)
    .sort();
  return (
    <fieldset className={forms.group}>
      <legend>{say("podcasts.music")}</legend>
      <p className={forms.note}>{say("podcasts.musicNote")}</p>
      {names.length > 0 && (
        <div className={styles["pair"]}>
          {(["intro", "outro", "bed"] as const).map((each) => (
            <ChoiceField
              key={each}
              label={say(`podcasts.music.${each}`)}
              value={music[each]}
              options={[["", say("podcasts.music.none")], ...names.map((name) => [name, name] as const)]}
              onChange={(name) => onChange({ ...music, [each]: name })}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
