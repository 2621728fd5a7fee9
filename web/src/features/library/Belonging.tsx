import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "@/api/account";
import { aliasesQuery, useUnmerge, type Alias } from "@/api/twins";
import type { ItemDetails } from "@/client";
import { Card } from "@/components/Card";
import { IconApart, IconCollection, IconFollow } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import styles from "./ItemPage.module.css";

/** One's own links that have an item, and one's own collections that it is in; each leads there. */
export function Belonging({ item: { links, collections } }: { item: ItemDetails }) {
  const { say } = useI18n();
  if (links.length + collections.length === 0) return null;
  return (
    <Section title={say("item.belongs")}>
      <Card>
        <ul className={styles["belongs"]}>
          {collections.map(({ id, name }) => (
            <li key={`collection-${id}`} className={styles["belonging"]}>
              <IconCollection size={18} aria-hidden />
              <Link to="/library/collections/$id" params={{ id }} dir="auto">
                {name}
              </Link>
              <span className={styles["fileAbout"]}>{say("library.collection")}</span>
            </li>
          ))}
          {links.map(({ id, name }) => (
            <li key={`link-${id}`} className={styles["belonging"]}>
              <IconFollow size={18} aria-hidden />
              <Link to="/links/$id" params={{ id }} dir="auto">
                {name}
              </Link>
              <span className={styles["fileAbout"]}>{say("library.link")}</span>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

/** What was made one with an item, for those who may make two of them again. */
export function MadeOne({ item }: { item: ItemDetails }) {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const {
    data: aliases,
    error,
    refetch,
  } = useQuery({
    ...aliasesQuery(item.id),
    enabled: me?.is_superuser === true,
  });
  if (!error && !aliases?.length) return null;
  return (
    <Section title={say("item.madeOne")}>
      <p className={styles["fileAbout"]}>{say("item.madeOneNote")}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {aliases && (
        <Rows label={say("item.madeOne")}>
          {aliases.map((alias) => (
            <AliasRow key={alias.id} item={item} alias={alias} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function AliasRow({ item, alias: { id, title, extractor, merged_at } }: { item: ItemDetails; alias: Alias }) {
  const { say, day } = useI18n();
  const { tell, complain } = useToasts();
  const unmerge = useUnmerge();
  // The row goes before the mutation's own callbacks are called.
  const separate = () =>
    void unmerge
      .mutateAsync({ kept: item, alias: id })
      .then(({ restored }) => tell(say(restored ? "twins.undone" : "twins.undoneEmpty", { title })))
      .catch(complain);
  return (
    <Row
      title={<span dir="auto">{title}</span>}
      facts={[extractor, day(merged_at)]}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconApart size={16} aria-hidden />}
          aria-label={say("item.separateNamed", { title })}
          loading={unmerge.isPending}
          onClick={separate}
        >
          {say("item.separate")}
        </Button>
      }
    />
  );
}
