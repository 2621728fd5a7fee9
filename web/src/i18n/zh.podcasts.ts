import type { podcasts as english } from "./en.podcasts";
import type { Message } from "./message";

export const podcasts: Record<keyof typeof english, Message> = {};
