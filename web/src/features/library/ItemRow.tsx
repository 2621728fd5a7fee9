import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Item } from "@/api/items";
import { IconHeartFilled } from "@/components/icons";
import { KindIcon } from "@/components/KindIcon";
import { Picture } from "@/components/Picture";
import { useI18n } from "@/i18n";
import styles from "./ItemRow.module.css";
import { PickBox, usePickable, type Picking } from "./Pick";

interface ItemRowProps extends Picking {
  item: Item;
}

/** One item as a line of a list. */
export const ItemRow = memo(function ItemRow({ item, ...picking }: ItemRowProps) {
  const { say, clock, bytes, day } = useI18n();
  const handlers = usePickable(item.id, picking);
  return (
    <div className={`${styles["row"]} ${picking.chosen ? styles["chosen"] : ""}`}>
      <PickBox item={item} picking={picking} quiet={false} />
      <Link to="/library/$id" params={{ id: item.id }} className={styles["link"]} {...handlers}>
        <Picture
          address={item.thumbnail_url}
          fallback={<KindIcon kind={item.kind} size={20} />}
          className={styles["picture"]}
        />
        <span className={styles["names"]}>
          <span className={styles["title"]} dir="auto">
            {item.title}
          </span>
          <span className={styles["about"]} dir="auto">
            {item.artist || item.site}
          </span>
        </span>
        <span className={`${styles["fact"]} ${styles["wide"]} ${styles["album"]}`} dir="auto">
          {item.album}
        </span>
        <span className={styles["heart"]}>
          {item.is_favourite && (
            <>
              <IconHeartFilled size={16} aria-hidden />
              <VisuallyHidden>{say("item.favourite")}</VisuallyHidden>
            </>
          )}
        </span>
        <span className={styles["fact"]}>{item.duration ? clock(item.duration) : null}</span>
        <span className={`${styles["fact"]} ${styles["wide"]}`}>{item.size ? bytes(item.size) : null}</span>
        <span className={`${styles["fact"]} ${styles["wide"]}`}>{day(item.created_at)}</span>
      </Link>
    </div>
  );
});
