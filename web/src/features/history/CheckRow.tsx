import { Link as RouterLink } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { Check } from "@/api/history";
import { Facts } from "@/components/Facts";
import { IconAlert, IconCheck, IconRight } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./CheckRow.module.css";
import { useCheckWords, useTierWords } from "./words";

const FILES_SHOWN = 50;

export function CheckRows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles["rows"]} aria-label={label}>
      {children}
    </ul>
  );
}

/** One check: what came of it at a glance, and on a click what it took. */
export function CheckRow({ check, named = false }: { check: Check; named?: boolean }) {
  const { say, ago, moment } = useI18n();
  const words = useCheckWords();
  const [open, setOpen] = useState(false);
  const ok = check.status === "success";
  const Icon = ok ? IconCheck : IconAlert;
  return (
    <li className={styles["row"]}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles["head"]}>
          <span className={ok ? styles["good"] : styles["bad"]}>
            <Icon size={18} aria-label={say(`outcome.${check.status}`)} />
          </span>
          <span className={styles["words"]}>
            {named && (
              <strong className={styles["name"]} dir="auto">
                {check.link_name}
              </strong>
            )}
            <span className={styles["message"]}>{words(check)}</span>
          </span>
          <time dateTime={check.timestamp} title={moment(check.timestamp)} className={styles["time"]}>
            {ago(check.timestamp)}
          </time>
          <IconRight size={16} aria-hidden className={styles["arrow"]} />
        </summary>
        {open && <Particulars check={check} named={named} />}
      </details>
    </li>
  );
}

function Particulars({ check, named }: { check: Check; named: boolean }) {
  const { say, sayIfKnown, moment } = useI18n();
  const { details } = check;
  const seconds = (value: number | undefined) =>
    say("check.seconds", { count: Math.round((value ?? 0) * 10) / 10 });
  const outcomeOf = useTierWords();
  const failedDownloads = details.failed_downloads ?? [];
  return (
    <div className={styles["more"]}>
      <Facts
        facts={[
          [say("check.at"), moment(check.timestamp)],
          [
            say("check.link"),
            named && (
              <RouterLink to="/links/$id" params={{ id: check.link_id }}>
                {check.link_name}
              </RouterLink>
            ),
          ],
          [say("check.said"), check.status === "failure" && (details.error_message ?? check.message)],
          [
            say("check.hint"),
            check.status === "failure" &&
              ((details.reason && sayIfKnown(`hint.${details.reason}`)) ?? details.hint),
          ],
          [
            say("check.tiers"),
            (details.tiers ?? []).length > 0 && (
              <ul className={styles["plain"]}>
                {details.tiers?.map((tier, index) => (
                  <li key={index}>
                    {say("check.named", {
                      name: say(`check.tier.${tier.tier}`),
                      what: say("check.requests", { count: tier.requests ?? 0 }),
                    })}
                    {` · ${seconds(tier.seconds)}`}
                    {outcomeOf(tier) && ` · ${outcomeOf(tier)}`}
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            say("check.cost"),
            `${say("check.requests", { count: details.requests ?? 0 })} · ${seconds(details.seconds)}`,
          ],
          [say("check.seen"), say("check.seenNew", { seen: details.seen ?? 0, fresh: details.new ?? 0 })],
          [
            say("check.files"),
            check.downloaded_files.length > 0 && (
              <ul className={styles["plain"]}>
                {check.downloaded_files.slice(0, FILES_SHOWN).map((file) => (
                  <li key={file} dir="auto">
                    {file}
                  </li>
                ))}
                {check.downloaded_files.length > FILES_SHOWN && (
                  <li>{say("check.filesMore", { count: check.downloaded_files.length - FILES_SHOWN })}</li>
                )}
              </ul>
            ),
          ],
          [
            say("check.failures"),
            failedDownloads.length > 0 && (
              <ul className={styles["plain"]}>
                {failedDownloads.map((download) => (
                  <li key={download.download_id}>
                    <RouterLink to="/downloads/$id" params={{ id: download.download_id }}>
                      {download.title ?? download.url}
                    </RouterLink>
                    {": "}
                    {(download.reason && sayIfKnown(`reason.${download.reason}`)) ??
                      download.error_message ??
                      download.status}
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
    </div>
  );
}
