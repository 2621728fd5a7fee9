import { SegmentedControl } from "@mantine/core";
import { useI18n } from "@/i18n";

interface ViewChoiceProps {
  /** Undefined is the wall. */
  value: "list" | undefined;
  onChange: (next: "list" | undefined) => void;
}

/** How items are shown: as a wall of pictures or as a list. */
export function ViewChoice({ value, onChange }: ViewChoiceProps) {
  const { say } = useI18n();
  return (
    <SegmentedControl
      size="xs"
      aria-label={say("library.view")}
      value={value ?? "wall"}
      data={(["wall", "list"] as const).map((each) => ({ value: each, label: say(`library.view.${each}`) }))}
      onChange={(view) => onChange(view === "list" ? "list" : undefined)}
    />
  );
}
