import type { ProviderOut } from "@/client";

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
): ProviderChoice[] {
  const found = providers
    .filter((one) => one.role === role)
    .flatMap(({ name, title, isOk, models }) => {
      const [provider = name, ...model] = name.split(":");
      const named = model.length > 0 ? [name] : [];
      const others = models.map((each) => `${provider}:${each}`);
      const names = [...named, ...others];
      return (names.length > 0 ? names : [name]).map((each) => ({
        name: each,
        label: each === provider ? title : `${title} · ${each.slice(provider.length + 1)}`,
        isOk,
      }));
    });
  const unique = [...new Map(found.map((one) => [one.name, one])).values()];
  return unique.sort((one, other) => Number(other.isOk) - Number(one.isOk));
}
