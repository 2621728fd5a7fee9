import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "@/api/errors";
import { nextRunsQuery } from "@/api/tasks";
import { ChoiceField } from "@/components/ChoiceField";
import { useI18n } from "@/i18n";
import { ownZone, PRESETS, presetOf, zones, type Preset } from "./schedule";
import styles from "./TaskForm.module.css";

interface ScheduleFieldsProps {
  cron: string;
  zone: string;
  onChange: (part: { cron?: string; zone?: string }) => void;
}

/** When it is synced: a usual schedule or an own one, with the moments that it means. */
export function ScheduleFields({ cron, zone, onChange }: ScheduleFieldsProps) {
  const { say } = useI18n();
  const [own, setOwn] = useState(() => presetOf(cron) === "own");
  const preset = own ? "own" : presetOf(cron);
  const choose = (next: Preset | "own") => {
    setOwn(next === "own");
    if (next !== "own") onChange({ cron: PRESETS[next] });
    else if (cron.trim() === "") onChange({ cron: PRESETS.daily });
  };
  return (
    <>
      <div className={styles["pair"]}>
        <ChoiceField
          label={say("task.form.cron")}
          value={preset}
          options={(["daily", "sixHourly", "hourly", "weekly", "never", "own"] as const).map(
            (each) => [each, say(`cron.${each}`)] as const,
          )}
          onChange={choose}
        />
        {preset !== "never" && (
          <ChoiceField
            label={say("task.form.zone")}
            value={zone}
            options={zones(zone, ownZone()).map((each) => [each, each.replaceAll("_", " ")] as const)}
            onChange={(next) => onChange({ zone: next })}
          />
        )}
      </div>
      {own && (
        <TextInput
          name="cron"
          label={say("task.form.cronOwn")}
          description={say("task.form.cronNote")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={cron}
          onChange={(event) => onChange({ cron: event.currentTarget.value })}
        />
      )}
      {preset !== "never" && cron.trim() !== "" && <NextRuns cron={cron} zone={zone} />}
    </>
  );
}

function NextRuns({ cron, zone }: { cron: string; zone: string }) {
  const { say, sayIfKnown, language } = useI18n();
  const [asked] = useDebouncedValue(cron.trim(), 300);
  const { data, error } = useQuery(nextRunsQuery(asked, zone));
  if (error && asked === cron.trim())
    return (
      <p className={styles["fault"]} role="alert">
        {explain(error, { say, sayIfKnown })}
      </p>
    );
  const format = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
  });
  return (
    <p className={styles["next"]} aria-live="polite">
      <span>{say("task.form.nextRuns")}</span>
      {data?.next_runs.slice(0, 3).map((each) => (
        <time key={each} dateTime={each}>
          {format.format(new Date(each))}
        </time>
      ))}
    </p>
  );
}
