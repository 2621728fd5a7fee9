import { createRoute } from "@tanstack/react-router";
import { CHECK_STATUSES, type HistoryFilter } from "@/api/history";
import {
  LINK_SORTS,
  LINK_STATUSES,
  LINK_TYPES,
  VERDICTS,
  type EntryFilter,
  type LinkFilter,
} from "@/api/links";
import { numbered, screen, shell } from "./frame";
import { oneOf, pageNumber, text } from "./search";

export interface LinksSearch extends Omit<LinkFilter, "enabled" | "status"> {
  /** A state, or `off` for those that are not checked. */
  state?: LinkFilter["status"] | "off" | undefined;
  page?: number | undefined;
}

const links = createRoute({
  getParentRoute: () => shell,
  path: "/links",
  validateSearch: (search): LinksSearch => ({
    q: text(search["q"]),
    tag: text(search["tag"]),
    site: text(search["site"]),
    type: oneOf(search["type"], LINK_TYPES),
    state: oneOf(search["state"], [...LINK_STATUSES, "off"] as const),
    sort: oneOf(search["sort"], LINK_SORTS),
    page: pageNumber(search["page"]),
  }),
  component: screen(["following", "reasons", "states"], () => import("@/features/links/LinksPage")),
});

interface NewLinkSearch {
  url?: string | undefined;
}

const newLink = createRoute({
  getParentRoute: () => shell,
  path: "/links/new",
  validateSearch: (search): NewLinkSearch => ({ url: text(search["url"]) }),
  component: screen(["following", "reasons", "states"], () => import("@/features/links/NewLinkPage")),
});

const importLinks = createRoute({
  getParentRoute: () => shell,
  path: "/links/import",
  component: screen(["following", "states"], () => import("@/features/links/ImportPage")),
});

const link = createRoute({
  getParentRoute: () => shell,
  path: "/links/$id",
  params: numbered,
  validateSearch: (search): EntryFilter => ({
    verdict: oneOf(search["verdict"], VERDICTS),
    reason: text(search["reason"]),
    q: text(search["q"]),
  }),
  component: screen(["following", "reasons", "states"], () => import("@/features/links/LinkPage")),
});

const editLink = createRoute({
  getParentRoute: () => shell,
  path: "/links/$id/edit",
  params: numbered,
  component: screen(["following", "reasons", "states"], () => import("@/features/links/EditLinkPage")),
});

const history = createRoute({
  getParentRoute: () => shell,
  path: "/links/history",
  validateSearch: (search): HistoryFilter => ({
    link: Number(search["link"]) > 0 ? Number(search["link"]) : undefined,
    status: oneOf(search["status"], CHECK_STATUSES),
  }),
  component: screen(["following", "reasons"], () => import("@/features/history/HistoryPage")),
});

const sites = createRoute({
  getParentRoute: () => shell,
  path: "/links/sites",
  component: screen(["following", "reasons"], () => import("@/features/sites/SitesPage")),
});

const profiles = createRoute({
  getParentRoute: () => shell,
  path: "/links/profiles",
  component: screen(["following"], () => import("@/features/profiles/ProfilesPage")),
});

export const linkRoutes = [links, newLink, importLinks, link, editLink, history, sites, profiles] as const;
