import { createRoute } from "@tanstack/react-router";
import { STATUSES, type Status } from "@/api/downloads";
import { numbered, screen, shell } from "./frame";
import { oneOf, pageNumber } from "./search";

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: screen(["reasons", "states", "tasks"], () => import("@/features/home/HomePage")),
});

interface DownloadsSearch {
  status?: Status | undefined;
  page?: number | undefined;
}

const downloads = createRoute({
  getParentRoute: () => shell,
  path: "/downloads",
  validateSearch: (search): DownloadsSearch => ({
    status: oneOf(search["status"], STATUSES),
    page: pageNumber(search["page"]),
  }),
  component: screen(["reasons", "states"], () => import("@/features/downloads/DownloadsPage")),
});

const download = createRoute({
  getParentRoute: () => shell,
  path: "/downloads/$id",
  params: numbered,
  component: screen(["reasons", "states"], () => import("@/features/downloads/DownloadPage")),
});

export const downloadRoutes = [home, downloads, download] as const;
