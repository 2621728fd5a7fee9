import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { collectionQuery, type Collection } from "@/api/collections";
import { isGone } from "@/api/errors";
import { collectionItemsQuery } from "@/api/items";
import { IconCollection, IconSearch } from "@/components/icons";
import { backLink, Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { Count } from "../library/Count";
import { Shelf } from "../library/Shelf";
import { useShelf } from "../library/useShelf";
import { ViewChoice } from "../library/ViewChoice";
import { Arrange } from "./Arrange";
import { CollectionActions } from "./CollectionActions";
import styles from "./CollectionPage.module.css";
import { Rule } from "./Rule";

const route = getRouteApi("/shell/library/collections/$id");

/** One collection: what is in it, and what can be done with it. */
export default function CollectionPage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { data: collection, error, refetch } = useQuery(collectionQuery(id));
  const back = <Link to="/library/collections" {...backLink(say("places.collections"))} />;
  if (collection && !isGone(error)) return <Opened key={id} collection={collection} back={back} />;
  return (
    <Screen title={say("library.collection")} back={back}>
      {isGone(error) && <Empty icon={<IconCollection size={24} />} title={say("collections.gone")} />}
      {error && !isGone(error) && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!error && <LoadingRows count={2} height={160} />}
    </Screen>
  );
}

function Opened({ collection, back }: { collection: Collection; back: ReactNode }) {
  const { say } = useI18n();
  const { view } = route.useSearch();
  const navigate = route.useNavigate();
  const { id, name, description, query } = collection;
  const shelf = useShelf(collectionItemsQuery(id));
  const [arranging, setArranging] = useState(false);
  const filled = shelf.items.length > 0;
  // With nothing left there is no order, either.
  const inOrder = arranging && filled;
  return (
    <Screen
      title={name}
      back={back}
      actions={
        <CollectionActions
          collection={collection}
          items={shelf.items}
          arranging={inOrder}
          onArrange={query || shelf.items.length < 2 ? undefined : setArranging}
        />
      }
    >
      {description && (
        <p className={styles["description"]} dir="auto">
          {description}
        </p>
      )}
      {query && <Rule query={query} />}
      {filled && !inOrder && (
        <div className={styles["tools"]}>
          <Count {...shelf} />
          <span className={styles["rest"]}>
            <Button
              size="xs"
              variant="subtle"
              leftSection={<IconSearch size={16} aria-hidden />}
              renderRoot={(props) => <Link to="/library" search={{ collection_id: id }} {...props} />}
            >
              {say("collections.searchIn")}
            </Button>
            <ViewChoice
              value={view}
              onChange={(next) =>
                void navigate({ search: { view: next }, replace: true, resetScroll: false })
              }
            />
          </span>
        </div>
      )}
      {inOrder ? (
        <Arrange collection={id} shelf={shelf} />
      ) : (
        <Shelf
          shelf={shelf}
          label={name}
          filter={{ collection_id: id }}
          view={view ?? "wall"}
          within={query ? undefined : collection}
          empty={<Nothing isSearch={query !== null} />}
        />
      )}
    </Screen>
  );
}

function Nothing({ isSearch }: { isSearch: boolean }) {
  const { say } = useI18n();
  if (isSearch) return <Empty icon={<IconSearch size={24} />} title={say("collections.finds")} />;
  const choose = (
    <Button variant="default" size="xs" renderRoot={(props) => <Link to="/library" search={{}} {...props} />}>
      {say("collections.choose")}
    </Button>
  );
  return (
    <Empty
      icon={<IconCollection size={24} />}
      title={say("collections.empty")}
      note={say("collections.emptyNote")}
      action={choose}
    />
  );
}
