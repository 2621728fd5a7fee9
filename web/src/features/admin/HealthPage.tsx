import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { healthQuery, type HealthDetails } from "@/api/health";
import { ProgressBar } from "@/components/ProgressBar";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";
import { AdminScreen } from "./AdminScreen";

/** How the installation is: what works, what ails, what grows old. */
export default function HealthPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(healthQuery);
  return (
    <AdminScreen
      place="health"
      actions={
        data && (
          <Tag tone={data.health.status === "ok" ? "good" : "bad"}>
            {say(data.health.status === "ok" ? "health.ok" : "health.ailing")}
          </Tag>
        )
      }
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={6} height={56} />}
      {data && (
        <>
          <Parts details={data} />
          <Disks details={data} />
          <Workers details={data} />
          <Tools details={data} />
          <Plugins details={data} />
        </>
      )}
    </AdminScreen>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Section title={title}>
      <Rows label={title} tight>
        {children}
      </Rows>
    </Section>
  );
}

function Parts({ details }: { details: HealthDetails }) {
  const { say, sayIfKnown, bytes } = useI18n();
  const { health, database, version } = details;
  return (
    <Part title={say("health.parts")}>
      {Object.entries(health.parts).map(([name, { ok, message }]) => (
        <Row
          key={name}
          title={
            <>
              <span>{sayIfKnown(`health.part.${name}`) ?? name}</span>
              <Tag tone={ok ? "good" : "bad"}>{say(ok ? "health.well" : "health.ill")}</Tag>
            </>
          }
          facts={[
            message,
            name === "database" && (database.kind === "sqlite" ? "SQLite" : "PostgreSQL"),
            name === "database" && bytes(database.size),
            name === "database" && !database.up_to_date && say("health.schemaOld"),
            name === "engine" && say("health.version", { version }),
          ]}
        />
      ))}
    </Part>
  );
}

function Disks({ details }: { details: HealthDetails }) {
  const { say, bytes } = useI18n();
  return (
    <Part title={say("health.disks")}>
      {details.disks.map(({ name, path, free, total, reserve }) => (
        <Row
          key={`${name} ${path}`}
          title={say(`health.disk.${name}`)}
          facts={[
            path,
            say("health.free", { free: bytes(free), total: bytes(total) }),
            reserve > 0 && say("health.reserve", { size: bytes(reserve) }),
          ]}
        >
          <ProgressBar
            share={total > 0 ? (total - free) / total : 0}
            label={say("health.used", { name: say(`health.disk.${name}`) })}
          />
        </Row>
      ))}
    </Part>
  );
}

function Workers({ details }: { details: HealthDetails }) {
  const { say, sayIfKnown, ago, span } = useI18n();
  return (
    <Part title={say("health.workers")}>
      {details.workers.map((worker) => (
        <Row
          key={worker.id}
          title={
            <>
              <span>{worker.host}</span>
              {worker.is_this && <Tag tone="accent">{say("health.this")}</Tag>}
            </>
          }
          facts={[
            say("health.version", { version: worker.version }),
            say("health.pid", { pid: String(worker.pid) }),
            worker.started_at && say("health.started", { time: ago(worker.started_at) }),
            worker.seconds_since_heartbeat !== null &&
              say("health.heartbeat", { time: span(worker.seconds_since_heartbeat) }),
            ...(worker.is_this ? details.lanes : []).map(({ name, running, slots }) =>
              say("health.lane", { name: sayIfKnown(`health.lane.${name}`) ?? name, running, slots }),
            ),
          ]}
        />
      ))}
    </Part>
  );
}

function Tools({ details }: { details: HealthDetails }) {
  const { say } = useI18n();
  const extractors = details.extractors.filter(({ version }) => version !== null);
  return (
    <Part title={say("health.tools")}>
      {details.tools.map(({ name, version, path, age_days: age, is_old: old }) => (
        <Row
          key={name}
          title={
            <>
              <span>{name}</span>
              {version === null && <Tag tone="bad">{say("health.missing")}</Tag>}
              {old && <Tag tone="warn">{say("health.old")}</Tag>}
            </>
          }
          facts={[version, age !== null && say("health.age", { count: age }), path]}
        />
      ))}
      {extractors.map(({ name, version }) => (
        <Row key={`extractor ${name}`} title={say("health.extractor", { name })} facts={[version]} />
      ))}
    </Part>
  );
}

function Plugins({ details }: { details: HealthDetails }) {
  const { say } = useI18n();
  if (details.plugins.length === 0) return null;
  return (
    <Part title={say("health.plugins")}>
      {details.plugins.map(({ name, error }) => (
        <Row
          key={name}
          title={
            <>
              <span>{name}</span>
              {error !== null && <Tag tone="bad">{say("health.ill")}</Tag>}
            </>
          }
          facts={[error]}
        />
      ))}
    </Part>
  );
}
