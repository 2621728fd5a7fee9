import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { feedsQuery } from "@/api/feeds";
import { CopyText } from "@/components/CopyText";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { IconFollow } from "@/components/icons";
import { useI18n } from "@/i18n";
import { withWords } from "@/i18n/words";
import styles from "./Podcasts.module.css";

const QrCode = lazy(withWords([], () => import("./QrCode")));

/** The address under which podcast apps find all episodes: to copy, or for a phone's camera. */
export function Feed() {
  const { say } = useI18n();
  const { data } = useQuery(feedsQuery());
  const address = data?.feeds.find(({ kind }) => kind === "podcasts")?.url;
  if (!address) return null;
  return (
    <Fold title={say("podcasts.feed")} note={say("podcasts.feedNote")}>
      <div className={styles["feed"]}>
        <Suspense fallback={<span className={styles["qr"]} />}>
          <QrCode text={address} label={say("podcasts.feedQr")} />
        </Suspense>
        <div className={styles["feedWords"]}>
          <p>{say("podcasts.feedWhat")}</p>
          <CopyText label={say("podcasts.feed")} text={address} />
          <p className={forms.note}>{say("podcasts.feedSecret")}</p>
          <Link to="/library/feeds" className={styles["feedLink"]}>
            <IconFollow size={16} aria-hidden />
            {say("podcasts.feedTokens")}
          </Link>
        </div>
      </div>
    </Fold>
  );
}
