import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1SitesBySiteCookies,
  getApiV1Sites,
  postApiV1SitesBySiteReset,
  putApiV1SitesBySiteCookies,
  type CookiesOut as SiteCookies,
  type SiteOut as Site,
} from "@/client";
import { body } from "./http";
import type { CookieMode } from "./links";

export type { Site, SiteCookies };

/** How sites treat this installation, and the caller's cookies for them. */
export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => body(getApiV1Sites({ signal })),
});

function useChange<Wanted>(change: (wanted: Wanted) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sites"] }),
  });
}

export interface CookiesWish {
  site: string;
  /** Left out: those that are there stay. */
  cookies?: string;
  mode: CookieMode;
}

export const useGiveCookies = () =>
  useChange(({ site, ...given }: CookiesWish) =>
    body(putApiV1SitesBySiteCookies({ path: { site }, body: given })),
  );

export const useForgetCookies = () =>
  useChange((site: string) => body(deleteApiV1SitesBySiteCookies({ path: { site } })));

export const useEndRest = () =>
  useChange((site: string) => body(postApiV1SitesBySiteReset({ path: { site } })));
