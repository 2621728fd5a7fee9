import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { downloadsQuery, STATUSES } from "@/api/downloads";
import { choice, Choices } from "@/components/Choices";
import { IconDownload } from "@/components/icons";
import { Pages } from "@/components/Pages";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { DownloadRow, DownloadRows } from "./DownloadRow";
import styles from "./DownloadsPage.module.css";

const route = getRouteApi("/shell/downloads");
const PER_PAGE = 20;

export default function DownloadsPage() {
  const { say } = useI18n();
  const { status, page = 1 } = route.useSearch();
  const { data, error, refetch } = useQuery(
    downloadsQuery({ status: status && [status], page, perPage: PER_PAGE }),
  );
  const navigate = route.useNavigate();
  const go = (next: number) =>
    void navigate({ search: (old) => ({ ...old, page: next > 1 ? next : undefined }) });
  return (
    <Screen
      title={say("downloads.title")}
      actions={
        data && <span className={styles["count"]}>{say("downloads.count", { count: data.total })}</span>
      }
    >
      <Choices label={say("downloads.filter")}>
        <Link to="/downloads" search={{}} {...choice(status === undefined)}>
          {say("downloads.all")}
        </Link>
        {STATUSES.map((each) => (
          <Link key={each} to="/downloads" search={{ status: each }} {...choice(status === each)}>
            {say(`status.${each}`)}
          </Link>
        ))}
      </Choices>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={6} height={80} />}
      {data && data.downloads.length === 0 && <Nothing filtered={status !== undefined || page > 1} />}
      {data && data.downloads.length > 0 && (
        <DownloadRows>
          {data.downloads.map((download) => (
            <DownloadRow key={download.id} download={download} />
          ))}
        </DownloadRows>
      )}
      {data && <Pages page={page} pages={Math.ceil(data.total / PER_PAGE)} onGo={go} />}
    </Screen>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { say } = useI18n();
  const icon = <IconDownload size={24} />;
  if (filtered) return <Empty icon={icon} title={say("downloads.noneFiltered")} />;
  return (
    <Empty icon={icon} title={say("downloads.none")} action={<Link to="/">{say("downloads.paste")}</Link>} />
  );
}
