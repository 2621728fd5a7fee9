import { VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Item } from "@/api/items";
import { KindIcon } from "@/components/KindIcon";
import { Picture } from "@/components/Picture";
import { useI18n } from "@/i18n";
import styles from "./ItemCard.module.css";

/** One item as a picture that leads to it. */
export function ItemCard({ item }: { item: Item }) {
  const { say, clock, ago } = useI18n();
  const pictures = item.kind === "gallery" ? item.files.filter(({ role }) => role === "image").length : 0;
  return (
    <Link to="/library/$id" params={{ id: item.id }} className={styles["card"]}>
      <span className={styles["frame"]}>
        <Picture
          address={item.thumbnail_url}
          fallback={<KindIcon kind={item.kind} size={32} />}
          className={styles["picture"]}
        />
        <span className={styles["badge"]}>
          <KindIcon kind={item.kind} size={13} />
          <VisuallyHidden>{say(`kind.${item.kind}`)}</VisuallyHidden>
          {item.duration ? clock(item.duration) : pictures > 0 ? pictures : null}
        </span>
      </span>
      <span className={styles["title"]} dir="auto">
        {item.title}
      </span>
      <span className={styles["about"]}>{item.artist || item.site || ago(item.created_at)}</span>
    </Link>
  );
}
