import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { inspectQuery } from "@/api/downloads";
import { explain } from "@/api/errors";
import { IconAlert, IconFile, IconGallery, IconLink, IconList, IconVideo } from "@/components/icons";
import { useI18n } from "@/i18n";
import { hostOf } from "./links";
import styles from "./OneBox.module.css";

const KINDS = {
  file: { icon: IconFile, key: "box.isFile" },
  page: { icon: IconVideo, key: "box.isPage" },
  gallery: { icon: IconGallery, key: "box.isGallery" },
  list: { icon: IconList, key: "box.isList" },
  unsupported: { icon: IconAlert, key: "box.isUnsupported" },
} as const;

interface VerdictProps {
  url: string;
  /** Why this address could not be started, where it was tried. */
  problem: unknown;
  /** Whether to ask the server what it is. */
  ask: boolean;
}

/** One line below the box: what the address is, or why it does not work. */
export function LinkVerdict({ url, problem, ask }: VerdictProps) {
  const { say, sayIfKnown } = useI18n();
  const { data, error, isFetching } = useQuery({
    ...inspectQuery(url),
    enabled: ask && problem === undefined,
  });

  if (problem !== undefined) {
    return (
      <Line
        tone="bad"
        icon={<IconAlert size={16} aria-hidden />}
        host={hostOf(url)}
        text={explain(problem, { say, sayIfKnown })}
      />
    );
  }
  if (error) {
    return (
      <Line
        tone="warn"
        icon={<IconAlert size={16} aria-hidden />}
        host={hostOf(url)}
        text={explain(error, { say, sayIfKnown })}
      />
    );
  }
  if (isFetching) {
    const spinner = <Loader size={16} className={styles["loader"]} aria-hidden />;
    return <Line tone="dim" icon={spinner} host={hostOf(url)} text={say("box.looking")} />;
  }
  if (data === undefined)
    return <Line tone="dim" icon={<IconLink size={16} aria-hidden />} host={hostOf(url)} text="" />;
  const { icon: Icon, key } = KINDS[data.kind];
  const told = (data.reason && sayIfKnown(`reason.${data.reason}`)) || say(key);
  const tone = data.kind === "unsupported" ? "warn" : "good";
  return (
    <Line
      tone={tone}
      icon={<Icon size={16} aria-hidden />}
      host={data.site ?? hostOf(url)}
      text={data.title ? `${told}: ${data.title}` : told}
    />
  );
}

function Line({ tone, icon, host, text }: { tone: string; icon: ReactNode; host: string; text: string }) {
  return (
    <li className={`${styles["link"]} ${styles[tone]}`}>
      {icon}
      <span className={styles["what"]}>
        <strong>{host}</strong>
        {text && ` · ${text}`}
      </span>
    </li>
  );
}
