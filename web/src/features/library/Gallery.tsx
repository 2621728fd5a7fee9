import { ActionIcon, UnstyledButton } from "@mantine/core";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
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

/** A finger that goes so far, in pixels, turns to another picture. */
const SWIPE = 50;

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
  const began = useRef<number | null>(null);
  const move = (by: number) => onMove((index + by + count) % count);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") move(1);
    if (event.key === "ArrowLeft") move(-1);
    if (event.key === "Home") onMove(0);
    if (event.key === "End") onMove(count - 1);
  };
  const onPointerUp = ({ clientX }: PointerEvent) => {
    const far = began.current === null ? 0 : clientX - began.current;
    began.current = null;
    if (Math.abs(far) >= SWIPE) move(far < 0 ? 1 : -1);
  };
  const told = say("item.image", { number: index + 1, count });
  return (
    <Dialog wide title={item.title} onClose={() => onMove(null)} onKeyDown={onKeyDown}>
      <div
        className={styles["stage"]}
        onPointerDown={({ clientX }) => (began.current = clientX)}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (began.current = null)}
      >
        {image && <img src={fileAddress(item, image)} alt={told} draggable={false} />}
      </div>
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
