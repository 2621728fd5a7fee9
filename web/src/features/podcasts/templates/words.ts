import type { Template } from "@/api/templates";
import { useI18n } from "@/i18n";

/** What a template is called and what it is for; those that ship speak the language of the person. */
export function useTemplateWords(): (
  template: Pick<Template, "id" | "name" | "description" | "isShipped">,
) => {
  title: string;
  about: string;
} {
  const { sayIfKnown } = useI18n();
  return ({ id, name, description, isShipped }) => {
    const key = id.replaceAll("-", "_");
    const title = isShipped ? sayIfKnown(`podcasts.template.${key}`) : null;
    const about = isShipped ? sayIfKnown(`podcasts.template.${key}.about`) : null;
    return { title: title ?? name, about: about ?? description ?? "" };
  };
}

/** What a kind of show is called. */
export function useFormatName(): (format: string) => string {
  const { sayIfKnown } = useI18n();
  return (format) => sayIfKnown(`podcasts.format.${format}`) ?? format;
}
