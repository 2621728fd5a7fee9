import type { en } from "./en";
import type { Message } from "./message";
import { account } from "./zh.account";
import { administration } from "./zh.admin";
import { care } from "./zh.care";
import { collections } from "./zh.collections";
import { core } from "./zh.core";
import { following } from "./zh.following";
import { library } from "./zh.library";
import { playlists } from "./zh.playlists";
import { podcasts } from "./zh.podcasts";
import { reasons } from "./zh.reasons";
import { review } from "./zh.review";
import { states } from "./zh.states";
import { tasks } from "./zh.tasks";

/** All of 简体中文. A missing or a surplus key does not compile. For types and tests: the page loads it in parts. */
export const zh: Record<keyof typeof en, Message> = {
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
};
