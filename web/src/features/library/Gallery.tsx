import { ActionIcon, UnstyledButton } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { fileAddress, type Item, type ItemFile } from "@/api/items";
import { Dialog } from "@/components/Dialog";
import { IconLeft, IconRight } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./Gallery.module.css";

/** The pictures of an item; one of them large, with the arrow keys for the others. */
export function Gallery({ item, images }: { item: Item; images: readonly ItemFile[] }) {
  const { say } = useI18n();
  const [open, setOpen] = useState<number | null>(null);
  const count = images.length;
  return (
    <>
      <ul className={styles["grid"]} data-count={count}>
        {images.map((image, index) => (
          <li key={image.id}>
            <UnstyledButton
              className={styles["open"]}
              aria-label={say("item.imageOpen", { number: index + 1, count })}
              onClick={() => setOpen(index)}
            >
              <img src={fileAddress(item, image)} alt="" loading="lazy" decoding="async" />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {open !== null && <Large item={item} images={images} index={open} onMove={setOpen} />}
    </>
  );
}

interface LargeProps {
  item: Item;
  images: readonly ItemFile[];
  index: number;
  onMove: (index: number | null) => void;
}

function Large({ item, images, index, onMove }: LargeProps) {
  const { say } = useI18n();
  const image = images[index];
  const count = images.length;
  const move = (by: number) => onMove((index + by + count) % count);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") move(1);
    if (event.key === "ArrowLeft") move(-1);
  };
  const told = say("item.image", { number: index + 1, count });
  return (
    <Dialog wide title={item.title} onClose={() => onMove(null)} onKeyDown={onKeyDown}>
      <div className={styles["stage"]}>{image && <img src={fileAddress(item, image)} alt={told} />}</div>
      {count > 1 && (
        <div className={styles["bar"]}>
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={say("item.imagePrevious")}
            onClick={() => move(-1)}
          >
            <IconLeft size={20} aria-hidden />
          </ActionIcon>
          <span role="status">{told}</span>
          <ActionIcon variant="default" size="lg" aria-label={say("item.imageNext")} onClick={() => move(1)}>
            <IconRight size={20} aria-hidden />
          </ActionIcon>
        </div>
      )}
    </Dialog>
  );
}
