import { createRoute } from "@tanstack/react-router";
import { screen, shell } from "./frame";
import { oneOf, rowNumber, rowNumbers, text } from "./search";

const podcasts = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts",
  component: screen(["podcasts"], () => import("@/features/podcasts/PodcastsPage")),
});

interface NewPodcastSearch {
  /** Of the library. */
  items?: number[] | undefined;
  url?: string | undefined;
  text?: string | undefined;
  /** Another episode, whose script is the matter. */
  episode?: string | undefined;
  template?: string | undefined;
  /** What stands in the one box of the start page. */
  box?: true | undefined;
}

const newPodcast = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/new",
  validateSearch: (search): NewPodcastSearch => ({
    items: rowNumbers(search["items"]),
    url: text(search["url"]),
    text: text(search["text"]),
    episode: text(search["episode"]),
    template: text(search["template"]),
    box: search["box"] === true ? true : undefined,
  }),
  component: screen(["podcasts"], () => import("@/features/podcasts/make/NewEpisodePage")),
});

const podcastTemplates = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/templates",
  component: screen(["podcasts"], () => import("@/features/podcasts/templates/TemplatesPage")),
});

interface PodcastDigestsSearch {
  /** A followed link to make a digest of. */
  link?: number | undefined;
}

const podcastDigests = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/digests",
  validateSearch: (search): PodcastDigestsSearch => ({ link: rowNumber(search["link"]) }),
  component: screen(["podcasts"], () => import("@/features/podcasts/digests/DigestsPage")),
});

interface PodcastSearch {
  /** Left out: to be heard. */
  tab?: "script" | "about" | undefined;
}

const podcast = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/$id",
  validateSearch: (search): PodcastSearch => ({ tab: oneOf(search["tab"], ["script", "about"] as const) }),
  component: screen(["podcasts"], () => import("@/features/podcasts/EpisodePage")),
});

export const podcastRoutes = [podcasts, newPodcast, podcastTemplates, podcastDigests, podcast] as const;
