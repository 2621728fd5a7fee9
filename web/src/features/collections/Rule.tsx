import { useQuery } from "@tanstack/react-query";
import type { Rule as Query } from "@/api/collections";
import { linkQuery } from "@/api/links";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";
import { conditionsOf } from "./conditions";
import styles from "./Rule.module.css";

/** What a saved search asks for: all of it must hold. */
export function Rule({ query }: { query: Query }) {
  const words = useI18n();
  const { data: link } = useQuery({ ...linkQuery(query.link_id ?? 0), enabled: Boolean(query.link_id) });
  const conditions = conditionsOf(query, words, link?.name);
  return (
    <ul className={styles["rule"]} aria-label={words.say("rule.label")}>
      {(conditions.length > 0 ? conditions : [words.say("rule.everything")]).map((condition) => (
        <li key={condition}>
          <Tag tone="accent">
            <bdi>{condition}</bdi>
          </Tag>
        </li>
      ))}
    </ul>
  );
}
