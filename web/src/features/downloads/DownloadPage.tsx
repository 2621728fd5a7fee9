import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { downloadQuery, isRunning, type Download } from "@/api/downloads";
import { isGone } from "@/api/errors";
import { Card } from "@/components/Card";
import { Facts, OutsideLink } from "@/components/Facts";
import { IconDownload, IconPlay } from "@/components/icons";
import { backLink, Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { Actions } from "./Actions";
import styles from "./DownloadPage.module.css";
import { ProgressLine } from "./ProgressLine";
import { StatusBadge } from "./StatusBadge";
import { titleOf, useDiagnosis } from "./words";

const route = getRouteApi("/shell/downloads/$id");

export default function DownloadPage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(downloadQuery(id));
  const back = <Link to="/downloads" search={{}} {...backLink(say("download.back"))} />;
  const gone = isGone(error);
  return (
    <Screen title={data ? titleOf(data) : say("downloads.title")} back={back}>
      {gone && <Empty icon={<IconDownload size={24} />} title={say("download.gone")} />}
      {error && !gone && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={2} height={140} />}
      {data && !gone && (
        <>
          <Card>
            <Verdict download={data} />
          </Card>
          <Card>
            <Particulars download={data} />
          </Card>
        </>
      )}
    </Screen>
  );
}

function Verdict({ download }: { download: Download }) {
  const { say } = useI18n();
  const { message, hint } = useDiagnosis(download);
  const { item_id: itemId } = download;
  return (
    <div className={styles["verdict"]}>
      <div className={styles["line"]}>
        <StatusBadge status={download.status} />
        <Actions download={download} />
        {itemId !== null && (
          <Button
            size="xs"
            leftSection={<IconPlay size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/library/$id" params={{ id: itemId }} {...props} />}
          >
            {say("download.open")}
          </Button>
        )}
      </div>
      {isRunning(download) && <ProgressLine download={download} />}
      {message && <p>{message}</p>}
      {hint && <p className={styles["hint"]}>{hint}</p>}
    </div>
  );
}

function Particulars({ download }: { download: Download }) {
  const { say, moment, bytes } = useI18n();
  const time = (iso: string | null | undefined) => iso && <time dateTime={iso}>{moment(iso)}</time>;
  const size = download.total_bytes ?? download.downloaded_bytes;
  return (
    <Facts
      facts={[
        [say("download.address"), <OutsideLink href={download.url} />],
        [say("download.site"), download.site],
        [say("download.profile"), download.profile === "audio" ? say("box.audio") : say("box.video")],
        [say("item.artist"), download.artist],
        [say("download.added"), time(download.created_at)],
        [say("download.started"), time(download.started_at)],
        [say("download.ended"), time(download.completed_at)],
        [say("download.tries"), say("download.attempts", { count: download.attempt })],
        [say("download.size"), size ? bytes(size) : null],
        [say("download.file"), download.file_path],
        [say("download.said"), download.error_message],
        [say("download.number"), download.id],
      ]}
    />
  );
}
