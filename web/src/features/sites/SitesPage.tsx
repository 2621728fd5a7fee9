import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link as RouterLink } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "@/api/account";
import { sitesQuery, useEndRest, useForgetCookies, type Site, type SiteCookies } from "@/api/sites";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { forms } from "@/components/Form";
import { IconCookie, IconSite } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag, type Tone } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { FollowScreen } from "@/features/links/FollowScreen";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { CookiesDialog } from "./CookiesDialog";

const CIRCUITS: Record<Site["circuit"], Tone> = {
  closed: "good",
  open: "warn",
  probing: "accent",
  ramping: "accent",
};
const HEALTHS: Record<NonNullable<SiteCookies["health"]>, Tone> = {
  ok: "good",
  expires_soon: "warn",
  expired: "bad",
  refused: "bad",
};

/** How sites treat this installation, and one's own cookies for them. */
export default function SitesPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(sitesQuery);
  const [adding, setAdding] = useState(false);
  const now = useNow();
  const add = (
    <Button size="sm" leftSection={<IconCookie size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say("sites.add")}
    </Button>
  );
  return (
    <FollowScreen place="sites" actions={add}>
      <p className={forms.note}>{say("sites.note")}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={72} />}
      {data?.length === 0 && <Empty icon={<IconSite size={24} />} title={say("sites.none")} />}
      {data && data.length > 0 && (
        <Rows label={say("follow.sites")}>
          {data.map((site) => (
            <SiteRow key={site.site} site={site} now={now} />
          ))}
        </Rows>
      )}
      {adding && <CookiesDialog onClose={() => setAdding(false)} />}
    </FollowScreen>
  );
}

function SiteRow({ site, now }: { site: Site; now: number }) {
  const { say, sayIfKnown, ago, day } = useI18n();
  const { tell, complain } = useToasts();
  const { data: me } = useQuery(meQuery);
  const endRest = useEndRest();
  const forget = useForgetCookies();
  const [dialog, setDialog] = useState<"give" | "forget" | null>(null);
  const { cookies } = site;
  const name = { name: site.site };
  const why =
    (site.reason && (sayIfKnown(`reason.${site.reason}`) ?? sayIfKnown(`sites.reason.${site.reason}`))) ??
    site.message;
  return (
    <Row
      title={
        <>
          <RouterLink to="/links" search={{ site: site.site }}>
            {site.site}
          </RouterLink>
          <Tag tone={CIRCUITS[site.circuit]}>{say(`sites.circuit.${site.circuit}`)}</Tag>
          {cookies.health && (
            <Tag tone={HEALTHS[cookies.health]}>{say(`sites.health.${cookies.health}`)}</Tag>
          )}
        </>
      }
      facts={[
        site.rests_until &&
          say(site.is_asked ? "sites.restsAsked" : "sites.rests", { time: ago(site.rests_until, now) }),
        site.circuit !== "closed" && why,
        site.allowed !== null && site.circuit === "ramping" && say("sites.allowed", { count: site.allowed }),
        site.downloading > 0 && say("sites.downloading", { count: site.downloading }),
        site.pending > 0 && say("sites.pending", { count: site.pending }),
        cookies.mode && say(`sites.mode.${cookies.mode}`),
        cookies.expires_at && say("sites.expires", { day: day(cookies.expires_at) }),
        cookies.last_used_at && say("sites.used", { time: ago(cookies.last_used_at, now) }),
      ]}
      actions={
        <>
          {site.circuit === "open" && me?.is_superuser && (
            <Button
              size="xs"
              variant="default"
              aria-label={say("sites.resetNamed", name)}
              loading={endRest.isPending}
              onClick={() =>
                endRest.mutate(site.site, {
                  onSuccess: () => tell(say("sites.resetDone", name)),
                  onError: complain,
                })
              }
            >
              {say("sites.reset")}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            aria-label={say(cookies.has_cookies ? "sites.replaceNamed" : "sites.giveNamed", name)}
            onClick={() => setDialog("give")}
          >
            {say(cookies.has_cookies ? "sites.replace" : "sites.give")}
          </Button>
          {cookies.has_cookies && (
            <Button
              size="xs"
              variant="default"
              aria-label={say("sites.forgetNamed", name)}
              onClick={() => setDialog("forget")}
            >
              {say("sites.forget")}
            </Button>
          )}
        </>
      }
    >
      {dialog === "give" && <CookiesDialog site={site} onClose={() => setDialog(null)} />}
      {dialog === "forget" && (
        <ConfirmDialog
          title={say("sites.forgetNamed", name)}
          text={say("sites.forgetText")}
          keep={say("form.keep")}
          go={say("sites.forget")}
          busy={forget.isPending}
          error={forget.error}
          onClose={() => setDialog(null)}
          onGo={() =>
            forget.mutate(site.site, {
              onSuccess: () => {
                setDialog(null);
                tell(say("sites.forgotten", name));
              },
            })
          }
        />
      )}
    </Row>
  );
}
