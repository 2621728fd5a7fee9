import { Button } from "@mantine/core";
import { isRunning, useCancelScan, type Scan } from "@/api/scans";
import { Facts } from "@/components/Facts";
import { Fold } from "@/components/Fold";
import { ProgressBar } from "@/components/ProgressBar";
import { Row } from "@/components/Rows";
import { ErrorNote } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { COUNTS, PROBLEMS, STATES } from "./words";

/** One scan: how far it is, and what it has found. */
export function ScanRow({ scan }: { scan: Scan }) {
  const { say, moment, language } = useI18n();
  const [state, tone] = STATES[scan.status];
  const number = new Intl.NumberFormat(language);
  const at = scan.ended_at ?? scan.started_at ?? scan.created_at;
  return (
    <Row
      title={
        <>
          <time dateTime={at}>{moment(at)}</time>
          <Tag tone={tone}>{say(state)}</Tag>
          {scan.adopts && <Tag>{say("scans.adopts")}</Tag>}
        </>
      }
      facts={[say("scans.files", { count: scan.counts.files ?? 0 })]}
      actions={isRunning(scan) && <CancelButton scan={scan} />}
    >
      {isRunning(scan) && <ProgressBar share={null} label={say("scans.progress")} />}
      <Facts
        facts={(Object.keys(COUNTS) as (keyof typeof COUNTS)[]).map((name) => [
          say(COUNTS[name]),
          scan.counts[name] ? number.format(scan.counts[name]) : null,
        ])}
      />
      {scan.message && <ErrorNote error={scan.message} />}
      {scan.problems.length > 0 && <Problems scan={scan} />}
    </Row>
  );
}

function Problems({ scan: { problems, counts } }: { scan: Scan }) {
  const { say } = useI18n();
  const count = Math.max(problems.length, counts.problems ?? 0);
  return (
    <Fold title={say("scans.problems", { count })}>
      {count > problems.length && <p>{say("scans.problemsFirst", { shown: problems.length })}</p>}
      <Facts facts={problems.map(({ path, reason }) => [path, say(PROBLEMS[reason])])} />
    </Fold>
  );
}

function CancelButton({ scan }: { scan: Scan }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const cancel = useCancelScan();
  return (
    <Button
      size="xs"
      variant="default"
      loading={cancel.isPending}
      onClick={() => cancel.mutate(scan.id, { onError: complain })}
    >
      {say("scans.cancel")}
    </Button>
  );
}
