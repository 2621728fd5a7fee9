import type { Item, ItemFile } from "@/api/items";

/** What there is to look at or to listen to in an item. */
export interface Shown {
  video?: ItemFile;
  audio?: ItemFile;
  images: ItemFile[];
  subtitles: ItemFile[];
}

const isImage = (file: ItemFile) => file.role !== "thumbnail" && (file.role === "image" || is("image", file));
const is = (type: string, file: ItemFile) => file.mime.startsWith(`${type}/`);

/** The kinds of subtitles that the server gives to browsers as what they read, which is WebVTT. */
const READ = /\.(vtt|srt)$/i;

/** Where subtitles are served as WebVTT. */
export const subtitlesAddress = (item: Item, { id }: ItemFile) => `/api/v1/items/${item.id}/subtitles/${id}`;

export function shownOf(item: Item): Shown {
  const media = item.files.filter(({ role }) => role === "media");
  const first = media[0];
  const audio = media.find((file) => is("audio", file)) ?? (item.kind === "audio" ? first : undefined);
  const video = media.find((file) => is("video", file)) ?? (item.kind === "video" ? first : undefined);
  return {
    ...(video && item.kind !== "audio" ? { video } : {}),
    ...(audio && item.kind === "audio" ? { audio } : {}),
    images: item.kind === "gallery" || item.kind === "image" ? item.files.filter(isImage) : [],
    subtitles: item.files.filter(({ role, path }) => role === "subtitle" && READ.test(path)),
  };
}

/** The last part of a path. */
export const nameOf = (path: string) => path.split("/").at(-1) ?? path;

/** The language of a subtitle file, as the server knows it or as its name says (`Title.en.srt`). */
export function languageOf({ language, path }: ItemFile): string | undefined {
  return language ?? /\.([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.(?:vtt|srt)$/.exec(path)?.[1];
}
