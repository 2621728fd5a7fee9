import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import {
  deleteApiV1LinksByLinkId,
  getApiV1Links,
  getApiV1LinksByLinkId,
  getApiV1LinksByLinkIdEntries,
  postApiV1Links,
  postApiV1LinksByLinkIdCheck,
  postApiV1LinksByLinkIdEntriesByEntryIdDownload,
  postApiV1LinksByLinkIdEntriesByEntryIdSkip,
  postApiV1LinksByLinkIdTriggerDownload,
  postApiV1LinksByLinkIdTryRules,
  postApiV1LinksImport,
  putApiV1LinksByLinkId,
  type EntryOut as Entry,
  type EntryPage,
  type Filters,
  type ImportOut as Imported,
  type LinkCreate,
  type LinkOut as Link,
  type LinkUpdate,
  type Retention,
} from "@/client";
import { body } from "./http";

export type { Entry, Filters, Imported, Link, LinkCreate, LinkUpdate, Retention };
export type LinkStatus = Link["status"];
export type LinkType = Link["type"];
export type CookieMode = Link["cookie_mode"];
export type Verdict = Entry["verdict"];
export type EntryKind = NonNullable<Filters["kinds"]>[number];

export const LINK_STATUSES: readonly LinkStatus[] = [
  "error",
  "cooling_down",
  "checking",
  "downloading",
  "recording",
  "idle",
];
export const LINK_TYPES: readonly LinkType[] = [
  "youtube_channel",
  "playlist",
  "pixiv_user",
  "generic_video",
  "generic_audio",
  "generic_gallery",
  "live",
  "feed",
  "auto",
];
export const VERDICTS: readonly Verdict[] = [
  "downloaded",
  "wanted",
  "waiting",
  "listed",
  "skipped",
  "failed",
  "removed",
];
export const ENTRY_KINDS: readonly EntryKind[] = [
  "video",
  "short",
  "live",
  "premiere",
  "audio",
  "gallery",
  "image",
];
export const COOKIE_MODES: readonly CookieMode[] = ["when_needed", "always", "never"];
export const LINK_SORTS = ["newest", "oldest", "name"] as const;
type LinkSort = (typeof LINK_SORTS)[number];

export interface LinkFilter {
  q?: string | undefined;
  tag?: string | undefined;
  site?: string | undefined;
  type?: LinkType | undefined;
  status?: LinkStatus | undefined;
  enabled?: boolean | undefined;
  sort?: LinkSort | undefined;
}

export interface LinkList {
  links: Link[];
  total: number;
}

function parameters({ q, tag, site, type, status, enabled, sort }: LinkFilter) {
  return {
    ...(q ? { q } : {}),
    ...(tag ? { tag } : {}),
    ...(site ? { site } : {}),
    ...(type ? { type } : {}),
    ...(status ? { status } : {}),
    ...(enabled === undefined ? {} : { is_enabled: enabled }),
    ...(sort ? { sort } : {}),
  };
}

/** A page of links; `page` counts from 1. */
export const linksQuery = (filter: LinkFilter, page = 1, perPage = 50) =>
  queryOptions({
    queryKey: ["links", "list", { ...filter, page, perPage }],
    queryFn: async ({ signal }): Promise<LinkList> => {
      const query = { ...parameters(filter), skip: (page - 1) * perPage, limit: perPage };
      const { data, response } = await getApiV1Links({ query, signal });
      return { links: data, total: Number(response.headers.get("X-Total-Count") ?? data.length) };
    },
    placeholderData: keepPreviousData,
  });

/** The numbers of all links that pass a filter: for what is done to all of them. The server hands out 1000 at most. */
export async function idsOfLinks(filter: LinkFilter): Promise<number[]> {
  const links = await body(getApiV1Links({ query: { ...parameters(filter), limit: 1000 } }));
  return links.map(({ id }) => id);
}

export const linkQuery = (id: number) =>
  queryOptions({
    queryKey: ["links", "one", id],
    queryFn: ({ signal }) => body(getApiV1LinksByLinkId({ path: { link_id: id }, signal })),
  });

export interface EntryFilter {
  verdict?: Verdict | undefined;
  reason?: string | undefined;
  q?: string | undefined;
}

/** All that was ever seen at a link, newest first, page after page. */
export const entriesQuery = (link: number, { verdict, reason, q }: EntryFilter) =>
  infiniteQueryOptions({
    queryKey: ["entries", link, { verdict, reason, q }],
    queryFn: ({ pageParam, signal }): Promise<EntryPage> =>
      body(
        getApiV1LinksByLinkIdEntries({
          path: { link_id: link },
          query: {
            limit: 60,
            ...(verdict ? { verdict } : {}),
            ...(reason ? { reason } : {}),
            ...(q ? { q } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** What rules would make of a link's whole catalogue; null: those that it has. */
export const trialQuery = (link: number, filters: Filters | null) =>
  queryOptions({
    queryKey: ["entries", link, "trial", filters],
    queryFn: ({ signal }) =>
      body(postApiV1LinksByLinkIdTryRules({ path: { link_id: link }, body: { filters }, signal })),
    retry: false,
    placeholderData: keepPreviousData,
  });

export function refreshLinks(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: ["links"] });
}

function useChange<Wanted, Answer>(change: (wanted: Wanted) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => refreshLinks(queries) });
}

export const useFollow = () => useChange((wanted: LinkCreate) => body(postApiV1Links({ body: wanted })));

export const saveLink = (id: number, changes: LinkUpdate) =>
  body(putApiV1LinksByLinkId({ path: { link_id: id }, body: changes }));
export const checkLink = (id: number) => body(postApiV1LinksByLinkIdCheck({ path: { link_id: id } }));
export const deleteLink = (id: number, items: "keep" | "delete") =>
  body(deleteApiV1LinksByLinkId({ path: { link_id: id }, query: { items } }));

export function useSaveLink(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: LinkUpdate) => saveLink(id, changes),
    onSuccess: async (link) => {
      queries.setQueryData(linkQuery(id).queryKey, link);
      await Promise.all([refreshLinks(queries), queries.invalidateQueries({ queryKey: ["entries", id] })]);
    },
  });
}

export const useCheckLink = () => useChange(checkLink);
export const useFetchLink = () =>
  useChange((id: number) => body(postApiV1LinksByLinkIdTriggerDownload({ path: { link_id: id } })));

export interface Done {
  done: number;
  /** What the server said of those that it did not do. */
  failed: unknown[];
}

/** Does the same to many links, a few at a time. One that fails does not stop the others. */
export function useForEach() {
  return useChange(
    async ({ ids, act }: { ids: readonly number[]; act: (id: number) => Promise<unknown> }) => {
      const outcome: Done = { done: 0, failed: [] };
      const waiting = [...ids];
      const work = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
          try {
            await act(id);
            outcome.done += 1;
          } catch (error) {
            outcome.failed.push(error);
          }
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      return outcome;
    },
  );
}

/** A person's word on one entry, whatever the rules say. */
export function useDecide(link: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ entry, verb }: { entry: number; verb: "download" | "skip" }) => {
      const path = { link_id: link, entry_id: entry };
      return body(
        verb === "download"
          ? postApiV1LinksByLinkIdEntriesByEntryIdDownload({ path })
          : postApiV1LinksByLinkIdEntriesByEntryIdSkip({ path }),
      );
    },
    onSuccess: () =>
      Promise.all([refreshLinks(queries), queries.invalidateQueries({ queryKey: ["entries", link] })]),
  });
}

export interface ImportWish {
  file: File;
  dryRun: boolean;
  tags: string;
  automatic: boolean;
  /** The keys of the sources to follow. */
  only?: ReadonlySet<string>;
}

/** Reads what another program followed; a dry run only tells. */
export function useImportLinks() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, dryRun, tags, automatic, only }: ImportWish) =>
      body(
        postApiV1LinksImport({
          body: {
            file,
            dry_run: dryRun,
            tags,
            download_automatically: automatic,
            ...(only ? { only: JSON.stringify([...only]) } : {}),
          },
        }),
      ),
    onSuccess: ({ dry_run: dry }) => (dry ? undefined : refreshLinks(queries)),
  });
}
