import { useI18n } from "@/i18n";

/** Those that everybody knows have names in the language in use; the others are called as they are. */
export function useProfileName(): (name: string) => string {
  const { say } = useI18n();
  return (name) => {
    if (name === "video") return say("box.video");
    if (name === "gallery") return say("kind.gallery");
    return name === "audio" ? say("box.audio") : name;
  };
}
