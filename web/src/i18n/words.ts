import type { Language } from "./language";
import type { Message } from "./message";

/** The messages of one language, or of a part of it, by key. */
export type Catalogue = Record<string, Message>;

/** The catalogues' parts. `core` is there before anything is shown; a screen names the others that it needs. */
const PARTS = {
  en: {
    account: async () => (await import("./en.account")).account,
    admin: async () => (await import("./en.admin")).administration,
    care: async () => (await import("./en.care")).care,
    collections: async () => (await import("./en.collections")).collections,
    core: async () => (await import("./en.core")).core,
    following: async () => (await import("./en.following")).following,
    library: async () => (await import("./en.library")).library,
    playlists: async () => (await import("./en.playlists")).playlists,
    podcasts: async () => (await import("./en.podcasts")).podcasts,
    reasons: async () => (await import("./en.reasons")).reasons,
    review: async () => (await import("./en.review")).review,
    states: async () => (await import("./en.states")).states,
    tasks: async () => (await import("./en.tasks")).tasks,
  },
  "zh-CN": {
    account: async () => (await import("./zh.account")).account,
    admin: async () => (await import("./zh.admin")).administration,
    care: async () => (await import("./zh.care")).care,
    collections: async () => (await import("./zh.collections")).collections,
    core: async () => (await import("./zh.core")).core,
    following: async () => (await import("./zh.following")).following,
    library: async () => (await import("./zh.library")).library,
    playlists: async () => (await import("./zh.playlists")).playlists,
    podcasts: async () => (await import("./zh.podcasts")).podcasts,
    reasons: async () => (await import("./zh.reasons")).reasons,
    review: async () => (await import("./zh.review")).review,
    states: async () => (await import("./zh.states")).states,
    tasks: async () => (await import("./zh.tasks")).tasks,
  },
} satisfies Record<Language, Record<string, () => Promise<Catalogue>>>;
export type Part = keyof (typeof PARTS)["en"];

type Load = (language: Language, part: Part) => Promise<Catalogue>;

/**
 * The words that are here. A part that was asked for comes in every language that was spoken since the page was
 * opened, so neither a new screen nor a change of the language ever shows a text without words.
 */
export class Words {
  private readonly parts = new Set<Part>(["core"]);
  private readonly catalogues = new Map<Language, Catalogue>();
  private readonly loading = new Map<string, Promise<void>>();

  constructor(private readonly load: Load = (language, part) => PARTS[language][part]()) {}

  /** The catalogue of a language, once it holds every part that is needed. It grows when more are. */
  async speak(language: Language): Promise<Catalogue> {
    const catalogue = this.catalogueOf(language);
    await this.bring(language, [...this.parts]);
    return catalogue;
  }

  /** Comes back when these parts can be said. */
  async need(parts: readonly Part[]): Promise<void> {
    for (const part of parts) this.parts.add(part);
    await Promise.all([...this.catalogues.keys()].map((language) => this.bring(language, parts)));
  }

  private catalogueOf(language: Language): Catalogue {
    const known = this.catalogues.get(language) ?? {};
    this.catalogues.set(language, known);
    return known;
  }

  private async bring(language: Language, parts: readonly Part[]): Promise<void> {
    await Promise.all(parts.map((part) => this.bringOne(language, part)));
  }

  private bringOne(language: Language, part: Part): Promise<void> {
    const name = `${language} ${part}`;
    const underway = this.loading.get(name);
    if (underway) return underway;
    const loaded = this.load(language, part).then((messages) => {
      Object.assign(this.catalogueOf(language), messages);
    });
    this.loading.set(name, loaded);
    // What did not come is asked for again by the next who needs it.
    loaded.catch(() => this.loading.delete(name));
    return loaded;
  }
}

export const words = new Words();

/** For a lazy component: loads its module and its words side by side. */
export function withWords<M>(parts: readonly Part[], load: () => Promise<M>): () => Promise<M> {
  return async () => (await Promise.all([load(), words.need(parts)]))[0];
}
