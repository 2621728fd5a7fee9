import { Button, Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { itemsQuery } from "@/api/items";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { IconSearch } from "@/components/icons";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import styles from "./Make.module.css";

interface PickItemsProps {
  onPick: (ids: number[]) => void;
  onClose: () => void;
}

/** Chooses things of the library by searching for them. */
export function PickItems({ onPick, onClose }: PickItemsProps) {
  const { say, clock } = useI18n();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const { data, error } = useInfiniteQuery(itemsQuery(asked ? { q: asked } : {}));
  const items = data?.pages[0]?.items ?? [];
  return (
    <Dialog title={say("podcasts.new.items")} wide onClose={onClose}>
      <div className={forms.form}>
        <TextInput
          type="search"
          data-autofocus
          aria-label={say("library.search")}
          placeholder={say("library.search")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {error && <ErrorNote error={error} />}
        {!data && !error && <LoadingRows count={4} height={40} />}
        {data && items.length === 0 && (
          <p className={forms.note}>{say(asked ? "library.noneFound" : "library.none")}</p>
        )}
        {items.length > 0 && (
          <ul className={styles["picks"]} aria-label={say("library.title")}>
            {items.map((item) => (
              <li key={item.id}>
                <Checkbox
                  label={item.title}
                  description={[say(`kind.${item.kind}`), item.artist, item.duration && clock(item.duration)]
                    .filter(Boolean)
                    .join(" · ")}
                  checked={chosen.includes(item.id)}
                  onChange={() =>
                    setChosen(
                      chosen.includes(item.id) ? chosen.filter((id) => id !== item.id) : [...chosen, item.id],
                    )
                  }
                />
              </li>
            ))}
          </ul>
        )}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => onPick([...chosen])}>
            {say("podcasts.new.take", { count: Math.max(1, chosen.length) })}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
