/** The languages of the page: BCP 47 tag and own name. */
export const LANGUAGES = { en: "English", "zh-CN": "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "magpie.language";

/** The language chosen here before, else the first of the browser's that there is a catalogue for. */
export function preferredLanguage(): Language {
  const stored = readStored();
  if (stored !== null && stored in LANGUAGES) return stored as Language;
  for (const tag of navigator.languages) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page is open.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** Calls back when another tab chooses a language, until the returned function is called. */
export function followLanguage(callback: (language: Language) => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === STORED && newValue !== null && newValue in LANGUAGES) callback(newValue as Language);
  };
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}
