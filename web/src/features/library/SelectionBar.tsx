import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Collection } from "@/api/collections";
import { useBulk, useZip, type Choice, type Item, type ItemFilter } from "@/api/items";
import { ActionBar } from "@/components/ActionBar";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import {
  IconCollect,
  IconHeart,
  IconPlay,
  IconPodcast,
  IconTag,
  IconTakeOut,
  IconTrash,
  IconZip,
} from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { playItems } from "../player/store";
import { CollectDialog } from "./CollectDialog";
import type { Selection } from "./selection";
import { TagDialog } from "./TagDialog";

/** So many things one podcast can be made of. */
const MOST_SOURCES = 50;

interface SelectionBarProps {
  items: readonly Item[];
  selection: Selection;
  filter: ItemFilter;
  total: number;
  exact: boolean;
  within?: Collection | undefined;
  onEverything: () => void;
  onClear: () => void;
}

/** What can be done with all chosen items. */
export function SelectionBar({
  items,
  selection,
  filter,
  total,
  exact,
  within,
  onEverything,
  onClear,
}: SelectionBarProps) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const [asking, setAsking] = useState<"tag" | "collect" | "trash" | null>(null);
  const bulk = useBulk();
  const zip = useZip();
  const { everything, chosen } = selection;
  const choice: Choice = everything ? { filter } : { ids: [...chosen] };
  const count = everything ? total : chosen.size;
  const picked = items.filter(({ id }) => everything || chosen.has(id));
  const loved = picked.every((item) => item.is_favourite);
  const songs = picked.filter(({ kind }) => kind === "audio");
  const failed = { onError: complain };

  const undo = (ids: number[]) =>
    bulk.mutate(
      { action: "restore", choice: { ids } },
      { ...failed, onSuccess: (done) => tell(say("library.restored", { count: done.count })) },
    );
  const trash = () =>
    bulk.mutate(
      { action: "trash", choice },
      {
        ...failed,
        onSuccess: (done) => {
          const back =
            "ids" in choice ? { label: say("library.undo"), onAct: () => undo(choice.ids) } : undefined;
          tell(say("library.trashed", { count: done.count }), back);
          setAsking(null);
          onClear();
        },
      },
    );
  const favour = () =>
    bulk.mutate(
      { action: loved ? "unfavourite" : "favourite", choice },
      {
        ...failed,
        onSuccess: (done) => tell(say(loved ? "library.unloved" : "library.loved", { count: done.count })),
      },
    );
  const takeOut = ({ id, name }: Collection) =>
    bulk.mutate(
      { action: "remove_from_collection", collection_id: id, choice },
      {
        ...failed,
        onSuccess: (done) => {
          // By then this bar is gone.
          const back = () =>
            void bulk
              .mutateAsync({ action: "add_to_collection", collection_id: id, choice })
              .then(({ count }) => tell(say("library.collected", { count, name })))
              .catch(complain);
          const undo = "ids" in choice ? { label: say("library.undo"), onAct: back } : undefined;
          tell(say("collections.takenOut", { count: done.count, name }), undo);
          onClear();
        },
      },
    );
  const button = { size: "xs", variant: "default", disabled: bulk.isPending } as const;
  return (
    <ActionBar
      label={say("library.selection")}
      chosen={say(everything && !exact ? "library.chosenMore" : "library.chosen", { count })}
      clear={say("library.clear")}
      onClear={onClear}
    >
      {!everything && total > chosen.size && (
        <Button size="xs" variant="subtle" onClick={onEverything}>
          {say("library.chooseAll")}
        </Button>
      )}
      {songs.length > 0 && (
        <Button {...button} leftSection={<IconPlay size={16} aria-hidden />} onClick={() => playItems(songs)}>
          {say("player.play")}
        </Button>
      )}
      <Button {...button} leftSection={<IconHeart size={16} aria-hidden />} onClick={favour}>
        {say(loved ? "library.unlove" : "library.love")}
      </Button>
      <Button {...button} leftSection={<IconTag size={16} aria-hidden />} onClick={() => setAsking("tag")}>
        {say("library.addTag")}
      </Button>
      <Button
        {...button}
        leftSection={<IconCollect size={16} aria-hidden />}
        onClick={() => setAsking("collect")}
      >
        {say("library.collect")}
      </Button>
      {within && (
        <Button
          {...button}
          leftSection={<IconTakeOut size={16} aria-hidden />}
          onClick={() => takeOut(within)}
        >
          {say("collections.takeOut")}
        </Button>
      )}
      {!everything && chosen.size <= MOST_SOURCES && (
        <Button
          {...button}
          leftSection={<IconPodcast size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/podcasts/new" search={{ items: [...chosen] }} {...props} />}
        >
          {say("box.podcast")}
        </Button>
      )}
      <Button
        {...button}
        loading={zip.isPending}
        leftSection={<IconZip size={16} aria-hidden />}
        onClick={() => zip.mutate(choice, failed)}
      >
        {say("library.zip")}
      </Button>
      <Button
        {...button}
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => (everything ? setAsking("trash") : trash())}
      >
        {say("library.trash")}
      </Button>
      {asking === "tag" && <TagDialog choice={choice} onClose={() => setAsking(null)} />}
      {asking === "collect" && <CollectDialog choice={choice} onClose={() => setAsking(null)} />}
      {asking === "trash" && (
        <ConfirmDialog
          title={say("library.trashTitle")}
          text={say("library.trashText", { count })}
          keep={say("form.keep")}
          go={say("library.trash")}
          busy={bulk.isPending}
          error={bulk.error}
          onClose={() => setAsking(null)}
          onGo={trash}
        />
      )}
    </ActionBar>
  );
}
