import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "@/api/account";
import { KINDS } from "@/api/items";
import { linkStorageQuery, storageQuery, type Share, type Storage } from "@/api/storage";
import { Facts } from "@/components/Facts";
import { LibraryPlaces } from "@/components/LibraryPlaces";
import { Screen } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { Bars } from "./Bars";
import { Room } from "./Room";
import { Scans } from "./Scans";
import styles from "./StoragePage.module.css";
import { Twins } from "./Twins";

/** What takes how much room; and, for superusers, looking after the files. */
export default function StoragePage() {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch } = useQuery(storageQuery);
  return (
    <Screen title={say("places.storage")}>
      <LibraryPlaces place="storage" />
      {!data && !error && <LoadingRows count={4} height={90} />}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Room storage={data} />
          <Trouble storage={data} />
          <Shares storage={data} />
        </>
      )}
      {me?.is_superuser && (
        <>
          <Scans />
          <Twins />
        </>
      )}
    </Screen>
  );
}

/** What is not as it should be; nothing where all is well. */
function Trouble({ storage: { missing, damaged } }: { storage: Storage }) {
  const { say } = useI18n();
  if (missing.items + damaged.items === 0) return null;
  return (
    <Facts
      facts={[
        [say("storage.missing"), missing.items > 0 && say("storage.missingCount", { count: missing.items })],
        [say("storage.damaged"), damaged.items > 0 && say("storage.damagedCount", { count: damaged.items })],
      ]}
    />
  );
}

function Shares({ storage: { by_kind, by_user, by_site } }: { storage: Storage }) {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const links = useQuery(linkStorageQuery);
  const kindOf = ({ name }: Share) => {
    const kind = KINDS.find((known) => known === name);
    return kind ? say(`kind.${kind}`) : name;
  };
  const linkOf = ({ id, name }: Share) =>
    id ? (
      <Link to="/links/$id" params={{ id }}>
        {name}
      </Link>
    ) : (
      name
    );
  return (
    <div className={styles["shares"]}>
      <Bars title={say("storage.byKind")} shares={by_kind} nameOf={kindOf} />
      {me?.is_superuser && (
        <Bars
          title={say("storage.byUser")}
          shares={by_user}
          nameOf={({ name }) => name || say("storage.nobody")}
        />
      )}
      <Bars title={say("storage.byLink")} shares={links.data ?? []} nameOf={linkOf} />
      {links.error && <ErrorNote error={links.error} onRetry={() => void links.refetch()} />}
      <Bars
        title={say("storage.bySite")}
        shares={by_site}
        nameOf={({ name }) => name || say("storage.noSite")}
      />
    </div>
  );
}
