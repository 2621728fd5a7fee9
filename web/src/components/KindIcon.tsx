import type { Kind } from "@/api/items";
import { IconFile, IconGallery, IconMusic, IconPicture, IconVideo } from "./icons";

const ICONS = {
  video: IconVideo,
  audio: IconMusic,
  gallery: IconGallery,
  image: IconPicture,
  file: IconFile,
};

export function KindIcon({ kind, size = 20 }: { kind: Kind; size?: number }) {
  const Icon = ICONS[kind];
  return <Icon size={size} aria-hidden />;
}
