import { account } from "./en.account";
import { administration } from "./en.admin";
import { care } from "./en.care";
import { collections } from "./en.collections";
import { core } from "./en.core";
import { following } from "./en.following";
import { library } from "./en.library";
import { playlists } from "./en.playlists";
import { podcasts } from "./en.podcasts";
import { reasons } from "./en.reasons";
import { review } from "./en.review";
import { states } from "./en.states";
import { tasks } from "./en.tasks";

/** All of English, which the other languages are measured against. For types and tests: the page loads it in parts. */
export const en = {
  ...account,
  ...administration,
  ...care,
  ...collections,
  ...core,
  ...following,
  ...library,
  ...playlists,
  ...podcasts,
  ...reasons,
  ...review,
  ...states,
  ...tasks,
} as const;
