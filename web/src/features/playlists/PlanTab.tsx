import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { planQuery, type Op, type TargetPlan, type Task } from "@/api/tasks";
import { IconCheck, IconMinus, IconMove, IconPlus, IconRetry } from "@/components/icons";
import { LongList } from "@/components/LongList";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useFault } from "@/features/servers/words";
import { useI18n } from "@/i18n";
import styles from "./PlanTab.module.css";

/** What the next sync would do, as a diff for each server. */
export function PlanTab({ task }: { task: Task }) {
  const { say } = useI18n();
  const [fresh, setFresh] = useState(false);
  const [onlyChanges, setOnlyChanges] = useState(true);
  const { data, error, isFetching, refetch } = useQuery(planQuery(task.id, fresh));
  return (
    <div className={styles["plan"]}>
      <div className={styles["tools"]}>
        <p className={styles["about"]}>{say("plan.about")}</p>
        <Checkbox
          label={say("plan.onlyChanges")}
          checked={onlyChanges}
          onChange={(event) => setOnlyChanges(event.currentTarget.checked)}
        />
        {task.platform !== "file" && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRetry size={16} aria-hidden />}
            loading={isFetching}
            onClick={() => (fresh ? void refetch() : setFresh(true))}
          >
            {say("plan.fresh")}
          </Button>
        )}
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <>
          <p role="status">{say("plan.asking")}</p>
          <LoadingRows count={4} height={44} />
        </>
      )}
      {data && !data.is_source_complete && <p className={styles["warn"]}>{say("plan.incomplete")}</p>}
      {data?.targets.map((target) => (
        <Diff key={target.target_id} target={target} onlyChanges={onlyChanges} />
      ))}
    </div>
  );
}

function Diff({ target, onlyChanges }: { target: TargetPlan; onlyChanges: boolean }) {
  const { say } = useI18n();
  const faultOf = useFault();
  const kept = target.ops.filter(({ op }) => op === "keep").length;
  const shown = onlyChanges ? target.ops.filter(({ op }) => op !== "keep") : target.ops;
  const changes = target.ops.length - kept;
  return (
    <Section title={target.server_name}>
      {target.error !== null && target.error !== undefined ? (
        <ErrorNote error={faultOf(target.reason ?? null, target.error) ?? target.error} />
      ) : (
        <>
          <p className={styles["sums"]}>
            {target.is_new && <span>{say("plan.new")}</span>}
            {target.added > 0 && (
              <span className={styles["add"]}>{say("plan.added", { count: target.added })}</span>
            )}
            {target.removed > 0 && (
              <span className={styles["remove"]}>{say("plan.removed", { count: target.removed })}</span>
            )}
            {target.moved > 0 && (
              <span className={styles["move"]}>{say("plan.moved", { count: target.moved })}</span>
            )}
            {kept > 0 && <span className={styles["keep"]}>{say("plan.kept", { count: kept })}</span>}
          </p>
          {changes === 0 && <p>{say("plan.nothing")}</p>}
          {shown.length > 0 && (
            <LongList
              label={say("plan.rows", { server: target.server_name })}
              entries={shown}
              keyOf={(op) => `${op.op} ${op.before} ${op.position}`}
              height={45}
              className={styles["rows"]}
            >
              {(op) => <OpRow op={op} />}
            </LongList>
          )}
        </>
      )}
    </Section>
  );
}

const ICONS = { add: IconPlus, remove: IconMinus, move: IconMove, keep: IconCheck };

function OpRow({ op }: { op: Op }) {
  const { say } = useI18n();
  const Icon = ICONS[op.op];
  const what = op.track ?? op.song;
  const place = (index: number | null) => (index === null ? "" : String(index + 1));
  return (
    <div className={`${styles["row"]} ${styles[op.op]}`}>
      <Icon size={16} aria-label={say(`plan.op.${op.op}`)} />
      <span className={styles["place"]}>
        {op.op === "move"
          ? say("plan.fromTo", { from: place(op.before), to: place(op.position) })
          : place(op.position ?? op.before)}
      </span>
      <span className={styles["song"]}>
        <span className={styles["title"]} dir="auto">
          {what?.title ?? say("plan.unknown")}
        </span>
        <span className={styles["artists"]} dir="auto">
          {what?.artists.join(", ")}
        </span>
      </span>
    </div>
  );
}
