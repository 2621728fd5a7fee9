import type { ProviderOut } from "@/client";
import { useI18n } from "@/i18n";

export type Role = ProviderOut["role"];

export interface ProviderChoice {
  /** As the server takes it: `ollama:llama3.1`, `espeak`. */
  name: string;
  label: string;
  /** Whether it answered just now. */
  isOk: boolean;
}

/** All that could do a part of the work: each provider with each of its models, those that answer first. */
export function choices(
  providers: readonly Pick<ProviderOut, "role" | "name" | "title" | "isOk" | "models">[],
  role: Role,
  nameOf: (role: Role, provider: string) => string | null = () => null,
): ProviderChoice[] {
  const found = providers
    .filter((one) => one.role === role)
    .flatMap(({ name, title, isOk, models }) => {
      const [provider = name, ...model] = name.split(":");
      const named = model.length > 0 ? [name] : [];
      const others = models.map((each) => `${provider}:${each}`);
      const names = [...named, ...others];
      const called = nameOf(role, provider) ?? title;
      return (names.length > 0 ? names : [name]).map((each) => ({
        name: each,
        label: each === provider ? called : `${called} · ${each.slice(provider.length + 1)}`,
        isOk,
      }));
    });
  const unique = [...new Map(found.map((one) => [one.name, one])).values()];
  return unique.sort((one, other) => Number(other.isOk) - Number(one.isOk));
}

/** What a provider is called in the language in use; null for one that only the server knows. */
export function useProviderName(): (role: Role, provider: string) => string | null {
  const { sayIfKnown } = useI18n();
  return (role, provider) => sayIfKnown(`podcasts.provider.${role}.${provider}`);
}

/** The same for who did a part of an episode, with the model: `ollama:llama3.1`. */
export function useProviderWords(): (role: Role, name: string) => string {
  const nameOf = useProviderName();
  return (role, name) => {
    const [provider = name, ...model] = name.split(":");
    return [nameOf(role, provider) ?? provider, model.join(":")].filter(Boolean).join(" · ");
  };
}
