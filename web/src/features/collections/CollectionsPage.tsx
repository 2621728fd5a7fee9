import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "@/api/account";
import { collectionsQuery } from "@/api/collections";
import { IconCollection, IconPlus } from "@/components/icons";
import { LibraryPlaces } from "@/components/LibraryPlaces";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { LoadingWall } from "../library/Shelf";
import { Wall } from "../library/Wall";
import { CollectionCard } from "./CollectionCard";
import { CollectionDialog } from "./CollectionDialog";

/** What somebody has put together, and the searches that they keep. */
export default function CollectionsPage() {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch } = useQuery(collectionsQuery);
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const collections = data?.collections ?? [];
  const add = (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setMaking(true)}
    >
      {say("library.newCollection")}
    </Button>
  );
  return (
    <Screen title={say("places.collections")} actions={add}>
      <LibraryPlaces place="collections" />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingWall />}
      {data && collections.length === 0 && (
        <Empty
          icon={<IconCollection size={24} />}
          title={say("collections.none")}
          note={say("collections.noneNote")}
        />
      )}
      {collections.length > 0 && (
        <Wall items={collections} total={collections.length} label={say("places.collections")}>
          {(collection) => <CollectionCard collection={collection} foreign={me?.id !== collection.user_id} />}
        </Wall>
      )}
      {making && (
        <CollectionDialog
          onClose={() => setMaking(false)}
          onDone={({ id }) => void navigate({ to: "/library/collections/$id", params: { id } })}
        />
      )}
    </Screen>
  );
}
