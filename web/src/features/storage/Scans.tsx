import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { isRunning, scansQuery, useBeginScan } from "@/api/scans";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { IconRetry } from "@/components/icons";
import { Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { ScanRow } from "./ScanRow";

/** Looking through the media folders: beginning, following, what was found. */
export function Scans() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(scansQuery);
  const [latest, ...earlier] = data ?? [];
  return (
    <Section title={say("scans.title")}>
      <p className={forms.note}>{say("scans.note")}</p>
      <Begin busy={latest !== undefined && isRunning(latest)} />
      {!data && !error && <LoadingRows count={1} height={84} />}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className={forms.note}>{say("scans.none")}</p>}
      {latest && (
        <Rows label={say("scans.title")}>
          <ScanRow scan={latest} />
        </Rows>
      )}
      {earlier.length > 0 && (
        <Fold title={say("scans.earlier")}>
          <Rows label={say("scans.earlier")}>
            {earlier.map((scan) => (
              <ScanRow key={scan.id} scan={scan} />
            ))}
          </Rows>
        </Fold>
      )}
    </Section>
  );
}

/** One scan runs at a time. */
function Begin({ busy }: { busy: boolean }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const begin = useBeginScan();
  const start = (adopt: boolean) =>
    begin.mutate(adopt, { onSuccess: () => tell(say("scans.begun")), onError: complain });
  return (
    <div className={forms.answersLeft}>
      <Button
        size="sm"
        leftSection={<IconRetry size={16} aria-hidden />}
        disabled={busy || begin.isPending}
        onClick={() => start(false)}
      >
        {say("scans.begin")}
      </Button>
      <Button size="sm" variant="default" disabled={busy || begin.isPending} onClick={() => start(true)}>
        {say("scans.adopt")}
      </Button>
    </div>
  );
}
