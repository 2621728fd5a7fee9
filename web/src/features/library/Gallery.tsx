import { ActionIcon, Modal, UnstyledButton } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { fileAddress, type Item, type ItemFile } from "@/api/items";
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
      <Large item={item} images={images} index={open} onMove={setOpen} />
    </>
  );
}

interface LargeProps {
  item: Item;
  images: readonly ItemFile[];
  index: number | null;
  onMove: (index: number | null) => void;
}

function Large({ item, images, index, onMove }: LargeProps) {
  const { say } = useI18n();
  const image = index === null ? undefined : images[index];
  const count = images.length;
  const move = (by: number) => index !== null && onMove((index + by + count) % count);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowRight") move(1);
    if (event.key === "ArrowLeft") move(-1);
  };
  const told = say("item.image", { number: (index ?? 0) + 1, count });
  return (
    <Modal
      opened={image !== undefined}
      onClose={() => onMove(null)}
      size="auto"
      title={item.title}
      closeButtonProps={{ "aria-label": say("item.close") }}
      onKeyDown={onKeyDown}
    >
      {image && (
        <>
          <div className={styles["stage"]}>
            <img src={fileAddress(item, image)} alt={told} />
          </div>
          <div className={styles["bar"]}>
            {count > 1 && (
              <ActionIcon
                variant="default"
                size="lg"
                aria-label={say("item.imagePrevious")}
                onClick={() => move(-1)}
              >
                <IconLeft size={20} aria-hidden />
              </ActionIcon>
            )}
            <span role="status">{told}</span>
            {count > 1 && (
              <ActionIcon
                variant="default"
                size="lg"
                aria-label={say("item.imageNext")}
                onClick={() => move(1)}
              >
                <IconRight size={20} aria-hidden />
              </ActionIcon>
            )}
          </div>
        </>
      )}
    </Modal>
  );
}
