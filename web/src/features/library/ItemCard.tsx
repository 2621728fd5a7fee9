import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Item } from "@/api/items";
import { IconHeartFilled } from "@/components/icons";
import { KindIcon } from "@/components/KindIcon";
import { Picture } from "@/components/Picture";
import { useI18n } from "@/i18n";
import styles from "./ItemCard.module.css";
import { PickBox, usePickable, type Picking } from "./Pick";

/** One item as a picture that leads to it. */
export function ItemCard({ item }: { item: Item }) {
  return (
    <Link to="/library/$id" params={{ id: item.id }} className={styles["card"]}>
      <Face item={item} />
    </Link>
  );
}

interface PickableProps extends Picking {
  item: Item;
}

/** The same, which can also be chosen. */
export const PickableCard = memo(function PickableCard({ item, ...picking }: PickableProps) {
  const handlers = usePickable(item.id, picking);
  return (
    <div className={`${styles["pickable"]} ${picking.chosen ? styles["chosen"] : ""}`}>
      <Link to="/library/$id" params={{ id: item.id }} className={styles["card"]} {...handlers}>
        <Face item={item} />
      </Link>
      <span className={styles["box"]}>
        <PickBox item={item} picking={picking} quiet />
      </span>
    </div>
  );
});

function Face({ item }: { item: Item }) {
  const { say, clock, ago } = useI18n();
  const pictures = item.kind === "gallery" ? item.files.filter(({ role }) => role === "image").length : 0;
  const played = item.playback && !item.playback.is_finished && item.duration ? item.playback.position : 0;
  return (
    <>
      <span className={styles["frame"]}>
        <Picture
          address={item.thumbnail_url}
          fallback={<KindIcon kind={item.kind} size={32} />}
          className={styles["picture"]}
        />
        {item.is_favourite && (
          <span className={styles["heart"]}>
            <IconHeartFilled size={14} aria-hidden />
            <VisuallyHidden>{say("item.favourite")}</VisuallyHidden>
          </span>
        )}
        <span className={styles["badge"]}>
          <KindIcon kind={item.kind} size={13} />
          <VisuallyHidden>{say(`kind.${item.kind}`)}</VisuallyHidden>
          {item.duration ? clock(item.duration) : pictures > 0 ? pictures : null}
        </span>
        {played > 0 && item.duration && (
          <span className={styles["played"]} style={{ transform: `scaleX(${played / item.duration})` }} />
        )}
      </span>
      <span className={styles["title"]} dir="auto">
        {item.title}
      </span>
      <span className={styles["about"]} dir="auto">
        {item.artist || item.site || ago(item.created_at)}
      </span>
    </>
  );
}
