/** A message: plain text with `{name}` holes, or one text per plural category, chosen by `{count}`. */
export type Message = string | PluralMessage;
type PluralMessage = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never;

/** The names that a message wants filled in. */
export type HolesOf<M> = M extends string
  ? Holes<M>
  : M extends { other: infer Text extends string }
    ? Holes<Text> | "count"
    : never;

export type Values = Record<string, string | number>;

/** The text of a message in one language; numbers are written as that language writes them. */
export function render(message: Message, language: string, values: Values = {}): string {
  const text = typeof message === "string" ? message : pick(message, language, Number(values["count"]));
  return text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => {
    const value = values[name];
    if (value === undefined) return hole;
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}

function pick(message: PluralMessage, language: string, count: number): string {
  // Languages without plurals may still put it in other words where there is only one.
  if (count === 1 && message.one !== undefined) return message.one;
  return message[new Intl.PluralRules(language).select(count)] ?? message.other;
}
