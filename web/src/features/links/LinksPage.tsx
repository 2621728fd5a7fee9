import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { useState } from "react";
import {
  idsOfLinks,
  LINK_SORTS,
  LINK_STATUSES,
  LINK_TYPES,
  linksQuery,
  type Link,
  type LinkFilter,
} from "@/api/links";
import type { LinksSearch } from "@/app/routes/links";
import { ChoiceField } from "@/components/ChoiceField";
import { IconFollow, IconPlus, IconUpload, IconX } from "@/components/icons";
import { Pages } from "@/components/Pages";
import { SearchField } from "@/components/SearchField";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { BulkBar } from "./BulkBar";
import { FollowScreen } from "./FollowScreen";
import { LinkRow } from "./LinkRow";
import styles from "./LinksPage.module.css";

const route = getRouteApi("/shell/links");
const PER_PAGE = 50;
const NONE: ReadonlySet<number> = new Set();

function filterOf({ q, tag, site, type, sort, state }: LinksSearch): LinkFilter {
  const filter = { q, tag, site, type, sort };
  if (state === undefined) return filter;
  return state === "off" ? { ...filter, enabled: false } : { ...filter, status: state };
}

/** What is followed, and how it fares. */
export default function LinksPage() {
  const { say } = useI18n();
  const { complain } = useToasts();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { page = 1 } = search;
  const filter = filterOf(search);
  const { data, error, refetch } = useQuery(linksQuery(filter, page, PER_PAGE));
  const [chosen, setChosen] = useState(NONE);
  const now = useNow();

  const choose = (ids: readonly number[], yes: boolean) =>
    setChosen((old) => {
      const next = new Set(old);
      for (const id of ids)
        if (yes) next.add(id);
        else next.delete(id);
      return next;
    });
  const chooseAll = () => idsOfLinks(filter).then((ids) => setChosen(new Set(ids)), complain);
  const filtered = Object.values(filter).some((value) => value !== undefined) && data?.total === 0;
  const shown = data?.links.map(({ id }) => id) ?? [];
  return (
    <FollowScreen place="links" actions={<Adding />}>
      <Filters />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={6} height={84} />}
      {data?.links.length === 0 && <Nothing filtered={filtered || page > 1} />}
      {data && data.links.length > 0 && (
        <>
          <div className={styles["head"]}>
            <label className={styles["choose"]}>
              <input
                type="checkbox"
                checked={shown.every((id) => chosen.has(id))}
                onChange={(event) => choose(shown, event.currentTarget.checked)}
              />
              {say("links.choosePage")}
            </label>
            <span role="status">{say("links.count", { count: data.total })}</span>
          </div>
          <ul className={styles["rows"]} aria-label={say("follow.links")}>
            {data.links.map((link) => (
              <LinkRow
                key={link.id}
                link={link}
                now={now}
                before={
                  <Chooser
                    link={link}
                    chosen={chosen.has(link.id)}
                    onChoose={(yes) => choose([link.id], yes)}
                  />
                }
              />
            ))}
          </ul>
          <Pages
            page={page}
            pages={Math.ceil(data.total / PER_PAGE)}
            onGo={(next) =>
              void navigate({ search: (old) => ({ ...old, page: next > 1 ? next : undefined }) })
            }
          />
        </>
      )}
      {chosen.size > 0 && (
        <BulkBar
          chosen={chosen}
          total={data?.total ?? 0}
          onChooseAll={() => void chooseAll()}
          onClear={() => setChosen(NONE)}
        />
      )}
    </FollowScreen>
  );
}

interface ChooserProps {
  link: Link;
  chosen: boolean;
  onChoose: (yes: boolean) => void;
}

function Chooser({ link, chosen, onChoose }: ChooserProps) {
  const { say } = useI18n();
  return (
    <input
      type="checkbox"
      className={styles["box"]}
      aria-label={say("links.choose", { name: link.name })}
      checked={chosen}
      onChange={(event) => onChoose(event.currentTarget.checked)}
    />
  );
}

function Adding() {
  const { say } = useI18n();
  return (
    <>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconUpload size={16} aria-hidden />}
        renderRoot={(props) => <RouterLink to="/links/import" {...props} />}
      >
        {say("links.import")}
      </Button>
      <Button
        size="sm"
        leftSection={<IconPlus size={16} aria-hidden />}
        renderRoot={(props) => <RouterLink to="/links/new" search={{}} {...props} />}
      >
        {say("links.add")}
      </Button>
    </>
  );
}

/** The address of the screen keeps the filters. */
function Filters() {
  const { say } = useI18n();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: LinksSearch) =>
    void navigate({ search: (old) => ({ ...old, ...part, page: undefined }), replace: true });
  return (
    <div className={styles["filters"]} role="search">
      <SearchField
        className={styles["search"]}
        label={say("links.search")}
        value={search.q ?? ""}
        onSearch={(q) => set({ q })}
      />
      <ChoiceField
        label={say("links.state")}
        value={search.state ?? ""}
        options={[
          ["", say("links.any")],
          ...LINK_STATUSES.map((each) => [each, say(`link.state.${each}`)] as const),
          ["off", say("link.state.off")],
        ]}
        onChange={(state) => set({ state: state || undefined })}
      />
      <ChoiceField
        label={say("links.type")}
        value={search.type ?? ""}
        options={[
          ["", say("links.any")],
          ...LINK_TYPES.map((each) => [each, say(`link.type.${each}`)] as const),
        ]}
        onChange={(type) => set({ type: type || undefined })}
      />
      <ChoiceField
        label={say("links.sort")}
        value={search.sort ?? "newest"}
        options={LINK_SORTS.map((each) => [each, say(`links.sort.${each}`)] as const)}
        onChange={(sort) => set({ sort: sort === "newest" ? undefined : sort })}
      />
      {(["tag", "site"] as const).map((name) =>
        search[name] === undefined ? null : (
          <Button
            key={name}
            size="xs"
            variant="light"
            rightSection={<IconX size={14} aria-hidden />}
            aria-label={say("links.without", { what: search[name] })}
            onClick={() => set({ [name]: undefined })}
          >
            {name === "tag" ? `#${search[name]}` : search[name]}
          </Button>
        ),
      )}
    </div>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { say } = useI18n();
  const icon = <IconFollow size={24} />;
  if (!filtered) return <Empty icon={icon} title={say("links.none")} note={say("links.noneNote")} />;
  const all = (
    <Button
      variant="default"
      size="xs"
      renderRoot={(props) => <RouterLink to="/links" search={{}} {...props} />}
    >
      {say("links.reset")}
    </Button>
  );
  return <Empty icon={icon} title={say("links.noneFound")} action={all} />;
}
