import { Button, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { auditExport, auditQuery, OUTCOMES, type AuditFilter, type AuditRecord } from "@/api/audit";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { IconAudit, IconDownload } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";
import { shortAgent } from "@/features/account/agent";
import { AdminScreen } from "./AdminScreen";
import { Sentinel } from "@/components/endless";
import { TextFilter } from "./TextFilter";

const route = getRouteApi("/shell/admin/audit");

/** Who did what. */
export default function AuditPage() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    auditQuery(filter),
  );
  const records = data?.pages.flatMap((page) => page.records) ?? [];
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return (
    <AdminScreen place="audit" actions={<Exports filter={filter} />}>
      <Filters />
      {!data && !error && <LoadingRows count={8} height={64} />}
      {data && records.length === 0 && <Empty icon={<IconAudit size={24} />} title={say("audit.none")} />}
      {records.length > 0 && (
        <Rows label={say("admin.audit")}>
          {records.map((record) => (
            <RecordRow key={record.id} record={record} />
          ))}
        </Rows>
      )}
      {error && <ErrorNote error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {hasNextPage && <Sentinel key={records.length} onNear={more} />}
      {isFetchingNextPage && <LoadingRows count={1} height={64} />}
    </AdminScreen>
  );
}

function Exports({ filter }: { filter: AuditFilter }) {
  const { say } = useI18n();
  return (["csv", "jsonl"] as const).map((format) => (
    <Button
      key={format}
      size="xs"
      variant="default"
      component="a"
      href={auditExport(filter, format)}
      download
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {say(`audit.export.${format}`)}
    </Button>
  ));
}

/** The address of the screen keeps the filters. */
function Filters() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: AuditFilter) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <div className={forms.filters} role="search">
      <TextFilter
        label={say("audit.username")}
        value={filter.username ?? ""}
        onChange={(username) => set({ username })}
      />
      <TextFilter
        label={say("audit.action")}
        value={filter.action ?? ""}
        onChange={(action) => set({ action })}
      />
      <ChoiceField
        label={say("audit.outcome")}
        value={filter.outcome ?? ""}
        options={[["", say("audit.any")], ...OUTCOMES.map((each) => [each, say(`outcome.${each}`)] as const)]}
        onChange={(outcome) => set({ outcome: outcome || undefined })}
      />
      <TextInput
        type="date"
        label={say("audit.from")}
        value={filter.from ?? ""}
        onChange={(event) => set({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={say("audit.to")}
        value={filter.to ?? ""}
        onChange={(event) => set({ to: event.currentTarget.value || undefined })}
      />
    </div>
  );
}

function RecordRow({ record }: { record: AuditRecord }) {
  const { say, moment } = useI18n();
  const details = Object.entries(record.details);
  return (
    <Row
      title={
        <>
          <span>{record.username ?? say(record.ip ? "audit.nobody" : "audit.magpie")}</span>
          <code>{record.action}</code>
          {record.subject && <span>{record.subject}</span>}
          {record.outcome === "failure" && <Tag tone="bad">{say("outcome.failure")}</Tag>}
        </>
      }
      facts={[
        <time key="at" dateTime={record.at}>
          {moment(record.at)}
        </time>,
        record.ip,
        record.user_agent && (
          <span key="agent" title={record.user_agent}>
            {shortAgent(record.user_agent)}
          </span>
        ),
        ...details.map(
          ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
        ),
      ]}
    />
  );
}
