import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadedWith, resolve, sourceFiles } from "@/test/modules";
import { account } from "./en.account";
import { administration } from "./en.admin";
import { care } from "./en.care";
import { collections } from "./en.collections";
import { core } from "./en.core";
import { following } from "./en.following";
import { library } from "./en.library";
import { playlists } from "./en.playlists";
import { podcasts } from "./en.podcasts";
import { reasons } from "./en.reasons";
import { review } from "./en.review";
import { states } from "./en.states";
import { tasks } from "./en.tasks";
import { en } from "./en";
import { Words, type Part } from "./words";

const PARTS: Record<Part, object> = {
  account,
  admin: administration,
  care,
  collections,
  core,
  following,
  library,
  playlists,
  podcasts,
  reasons,
  review,
  states,
  tasks,
};

describe("the parts of the catalogues", () => {
  test("have no key twice, and make up the whole", () => {
    const keys = Object.values(PARTS).flatMap((part) => Object.keys(part));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    expect(keys.sort()).toEqual(Object.keys(en).sort());
  });

  const base = loadedWith("src/main.tsx");
  const partOf = new Map<string, string>(
    Object.entries(PARTS).flatMap(([part, messages]) => Object.keys(messages).map((key) => [key, part])),
  );

  /** The parts that have a message which one of these modules says, by its key or by the beginning of one. */
  function partsSaidBy(modules: Iterable<string>): string[] {
    const parts = new Set<string>();
    for (const module of modules) {
      const text = readFileSync(module, "utf8");
      const begun = [...text.matchAll(/`([\w.]+\.)\$\{/g)].map(([, begin = ""]) => begin);
      for (const [key, part] of partOf) {
        if (text.includes(`"${key}"`) || begun.some((begin) => key.startsWith(begin))) parts.add(part);
      }
    }
    return [...parts].filter((part) => part !== "core").sort();
  }

  test("the frame says what is in the first part only", () => {
    // What a fault is called comes with the screen that can have it.
    expect(partsSaidBy([...base].filter((module) => module !== "src/api/errors.ts"))).toEqual([]);
  });

  const lazy = sourceFiles().flatMap((file) =>
    [
      ...readFileSync(file, "utf8").matchAll(
        /(?:screen|withWords)\(\s*\[([^\]]*)\],\s*\(\) =>\s*import\("([^"]+)"\)/g,
      ),
    ].map(([, parts = "", name = ""]) => ({
      module: resolve(file, name) ?? name,
      parts: parts.match(/\w+/g) ?? [],
    })),
  );

  test("no component is loaded later without its words", () => {
    expect(lazy.length).toBeGreaterThan(30);
    const wordless = sourceFiles().filter((file) =>
      /lazy(RouteComponent)?\(\s*\(\)/.test(readFileSync(file, "utf8")),
    );
    expect(wordless).toEqual([]);
  });

  test.each(lazy)("$module comes with the parts that it needs", ({ module, parts }) => {
    const own = [...loadedWith(module)].filter((each) => !base.has(each));
    expect([...parts].sort()).toEqual(partsSaidBy(own));
  });
});

describe("words", () => {
  /** A loader whose answers are given by hand. */
  function byHand() {
    const asked: string[] = [];
    const pending = new Map<string, { resolve: () => void; reject: () => void }>();
    const words = new Words((language, part) => {
      asked.push(`${language} ${part}`);
      return new Promise((resolve, reject) => {
        const messages = { [part]: `${part} in ${language}` };
        pending.set(`${language} ${part}`, {
          resolve: () => resolve(messages),
          reject: () => reject(new Error("offline")),
        });
      });
    });
    return { words, asked, answer: (name: string) => pending.get(name)?.resolve(), pending };
  }

  test("a part asked for while the first one is under way comes in the same language", async () => {
    const { words, asked, answer } = byHand();
    const spoken = words.speak("en");
    const needed = words.need(["admin"]);
    expect(asked).toEqual(["en core", "en admin"]);
    answer("en core");
    answer("en admin");
    await needed;
    expect(await spoken).toEqual({ core: "core in en", admin: "admin in en" });
  });

  test("another language is there when every part of it is, also those asked for meanwhile", async () => {
    const { words, answer } = byHand();
    const first = words.speak("en");
    answer("en core");
    await first;
    let isSpoken = false;
    const second = words.speak("zh-CN").then((catalogue) => ((isSpoken = true), catalogue));
    const needed = words.need(["care"]);
    answer("en care");
    answer("zh-CN core");
    expect(await second).toEqual({ core: "core in zh-CN" });
    expect(isSpoken).toBe(true);
    answer("zh-CN care");
    await needed;
    expect(await second).toEqual({ core: "core in zh-CN", care: "care in zh-CN" });
  });

  test("nothing is loaded twice, but what failed is asked for again", async () => {
    const { words, asked, answer, pending } = byHand();
    const spoken = words.speak("en");
    answer("en core");
    await spoken;
    const failing = words.need(["review"]);
    pending.get("en review")?.reject();
    await expect(failing).rejects.toThrow("offline");
    const again = words.need(["review"]);
    answer("en review");
    await again;
    await words.need(["review"]);
    expect(asked).toEqual(["en core", "en review", "en review"]);
  });
});
