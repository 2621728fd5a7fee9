import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { en } from "./en";
import { formats, type Formats } from "./format";
import { followLanguage, rememberLanguage, type Language } from "./language";
import { render, type HolesOf, type Values } from "./message";
import { words, type Catalogue } from "./words";

export type Key = keyof typeof en;
type ValuesOf<K extends Key> =
  HolesOf<(typeof en)[K]> extends never ? [] : [values: Record<HolesOf<(typeof en)[K]>, string | number>];

/** Says the message of a key in the language in use. */
export type Say = <K extends Key>(key: K, ...values: ValuesOf<K>) => string;

export interface Translation extends Formats {
  say: Say;
  /** For keys made from the server's codes: null where the catalogue has no such key. */
  sayIfKnown: (key: string, values?: Values) => string | null;
  language: Language;
  /** The language that was chosen on this page since it was opened; null: none was. */
  chosen: Language | null;
  /** Fails, and changes nothing, where its words cannot be had. */
  setLanguage: (language: Language) => Promise<void>;
}

const Context = createContext<Translation | null>(null);

interface ProviderProps {
  language: Language;
  catalogue: Catalogue;
  children: ReactNode;
}

export function I18nProvider({ language: first, catalogue: firstCatalogue, children }: ProviderProps) {
  const [{ language, catalogue }, setSpoken] = useState({ language: first, catalogue: firstCatalogue });

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const wanted = useRef(first);
  const speak = useCallback(async (next: Language) => {
    wanted.current = next;
    const loaded = await words.speak(next);
    // Words that come late do not undo a later choice.
    if (wanted.current === next) setSpoken({ language: next, catalogue: loaded });
  }, []);
  const [chosen, setChosen] = useState<Language | null>(null);
  const setLanguage = useCallback(
    async (next: Language) => {
      await speak(next);
      rememberLanguage(next);
      setChosen(next);
    },
    [speak],
  );
  // Chosen in another tab: if its words do not come here, this one goes on as it is.
  useEffect(() => followLanguage((next) => void speak(next).catch(() => undefined)), [speak]);

  const translation = useMemo<Translation>(
    () => ({
      say: (key, ...values) => render(catalogue[key] ?? key, language, values[0]),
      sayIfKnown: (key, values) =>
        catalogue[key] === undefined ? null : render(catalogue[key], language, values),
      language,
      chosen,
      setLanguage,
      ...formats(language),
    }),
    [language, chosen, catalogue, setLanguage],
  );
  return <Context value={translation}>{children}</Context>;
}

export function useI18n(): Translation {
  const translation = use(Context);
  if (translation === null) throw new Error("useI18n needs an I18nProvider above it");
  return translation;
}
