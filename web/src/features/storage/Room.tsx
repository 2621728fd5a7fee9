import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/account";
import type { Disk, Storage } from "@/api/storage";
import { Card } from "@/components/Card";
import { forms } from "@/components/Form";
import { Section } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { Bar } from "./Bars";
import styles from "./Bars.module.css";
import { disposition, shareOf } from "./shares";

/** How much room there is, and what of it one may take. */
export function Room({ storage }: { storage: Storage }) {
  const { say, bytes } = useI18n();
  const { total, trash, disks } = storage;
  return (
    <Section title={say("storage.room")}>
      <Card>
        <ul className={styles["bars"]}>
          <Quota storage={storage} />
          {disks.map((disk, index) => (
            <DiskBar key={index} disk={disk} name={disk.path ?? say("storage.disk", { number: index + 1 })} />
          ))}
        </ul>
      </Card>
      <p className={forms.note}>
        {say("storage.all", { count: total.items, size: bytes(total.bytes) })}{" "}
        {trash.items > 0 && (
          <Link to="/library/trash">
            {say("storage.inTrash", { count: trash.items, size: bytes(trash.bytes) })}
          </Link>
        )}
      </p>
    </Section>
  );
}

/** What several people hold counts for each: so it is one's own share that the limit is about, not the total. */
function Quota({ storage: { quota_bytes: quota, by_user: users } }: { storage: Storage }) {
  const { say, bytes } = useI18n();
  const { data: me } = useQuery(meQuery);
  if (quota === null) return null;
  const used = users.find(({ id }) => id === me?.id)?.bytes ?? 0;
  return (
    <li className={styles["bar"]}>
      <span className={styles["line"]}>
        <span className={styles["name"]}>{say("storage.quota")}</span>
        <span className={styles["value"]}>
          {say("storage.quotaUsed", { used: bytes(used), total: bytes(quota) })}
        </span>
      </span>
      <Bar used={shareOf(used, quota) * 100} full={used >= quota} />
      {used >= quota && <ErrorNote error={say("storage.quotaFull")} />}
    </li>
  );
}

function DiskBar({ disk, name }: { disk: Disk; name: string }) {
  const { say, bytes } = useI18n();
  const { used, kept, isFull } = disposition(disk);
  return (
    <li className={styles["bar"]}>
      <span className={styles["line"]}>
        <span className={styles["name"]}>{name}</span>
        {disk.is_there && (
          <>
            <span className={styles["value"]}>
              {say("storage.free", { free: bytes(disk.free), total: bytes(disk.total) })}
            </span>
            {disk.reserve > 0 && (
              <span className={styles["value"]}>{say("storage.reserve", { size: bytes(disk.reserve) })}</span>
            )}
          </>
        )}
      </span>
      {disk.is_there && <Bar used={used} kept={kept} full={isFull} />}
      {disk.is_there && isFull && <ErrorNote error={say("storage.full")} />}
      {!disk.is_there && <ErrorNote error={say("storage.gone")} />}
    </li>
  );
}
