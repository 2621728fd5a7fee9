import type { RunLine } from "@/api/tasks";
import { useFault } from "@/features/servers/words";
import { useI18n, type Translation } from "@/i18n";
import type { Language } from "@/i18n/language";

type Fault = ReturnType<typeof useFault>;

/** What a line of a sync's log says, in the language in use. */
export function useLineWords(): (line: RunLine) => string {
  const { sayIfKnown, language } = useI18n();
  const faultOf = useFault();
  return (line) => lineWords(line, language, sayIfKnown, faultOf);
}

export function lineWords(
  line: RunLine,
  language: Language,
  sayIfKnown: Translation["sayIfKnown"],
  faultOf: Fault,
): string {
  const { code, text, values = {} } = line;
  if (code === "failed") return language === "en" ? text : failure(line, sayIfKnown, faultOf);
  // Lines that an earlier version wrote know nothing but their sentence.
  if (Object.keys(values).length === 0) return language === "en" ? text : spare(line, sayIfKnown);
  const said = sayIfKnown(`run.line.${code}${"total" in values ? ".of" : ""}`, values);
  const why = code === "source_incomplete" && values["reason"] ? faultOf(`${values["reason"]}`, null) : null;
  return [said ?? sayIfKnown(`run.line.${code}`, values) ?? text, why].filter(Boolean).join(" ");
}

/** What went wrong, by its code: the server's own sentence is English. */
function failure(
  { text, values = {} }: RunLine,
  sayIfKnown: Translation["sayIfKnown"],
  faultOf: Fault,
): string {
  const why = faultOf(values["reason"] === undefined ? null : `${values["reason"]}`, text) ?? text;
  if (values["server"] === undefined) return why;
  return sayIfKnown("run.line.failed", { server: values["server"], why }) ?? why;
}

/** Its kind in words, and the numbers of its English sentence. A kind that is not known has that sentence only. */
function spare({ code, text }: RunLine, sayIfKnown: Translation["sayIfKnown"]): string {
  const known = sayIfKnown(`run.note.${code}`);
  if (known === null) return text;
  const numbers = text.match(/\d[\d,.]*\d|\d/g);
  return numbers ? `${known} (${numbers.join(" / ")})` : known;
}
