import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { facesQuery, type Collection } from "@/api/collections";
import { IconCollection, IconSavedSearch } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { KindIcon } from "@/components/KindIcon";
import { useI18n } from "@/i18n";
import styles from "./CollectionCard.module.css";

/** A collection as the pictures of what is in it. */
export function CollectionCard({ collection, foreign }: { collection: Collection; foreign: boolean }) {
  const { say } = useI18n();
  const { data } = useQuery(facesQuery(collection.id));
  const Icon = collection.query ? IconSavedSearch : IconCollection;
  const items = data?.items ?? [];
  const count = collection.count ?? data?.total;
  const exact = collection.count !== null || data?.total_is_exact !== false;
  const facts = [
    collection.query && say("collections.search"),
    count !== undefined && say(exact ? "library.count" : "library.countMore", { count }),
    foreign && say("collections.foreign"),
  ].filter(Boolean);
  return (
    <Link to="/library/collections/$id" params={{ id: collection.id }} className={styles["card"]}>
      <span className={styles["faces"]} data-count={Math.min(items.length, 4)}>
        {items.length === 0 ? (
          <Picture address={null} fallback={<Icon size={32} aria-hidden />} className={styles["face"]} />
        ) : (
          (items.length < 4 ? items.slice(0, 1) : items).map((item) => (
            <Picture
              key={item.id}
              address={item.thumbnail_url}
              fallback={<KindIcon kind={item.kind} size={24} />}
              className={styles["face"]}
            />
          ))
        )}
      </span>
      <span className={styles["title"]} dir="auto">
        {collection.name}
      </span>
      <span className={styles["about"]}>{facts.join(" · ")}</span>
    </Link>
  );
}
