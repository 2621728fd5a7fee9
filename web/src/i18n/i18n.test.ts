import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { en } from "./en";
import { formats } from "./format";
import { render, type Message } from "./message";
import { zh } from "./zh";

const holes = (message: Message): string[] => {
  const texts = typeof message === "string" ? [message] : Object.values(message);
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))),
  ].sort();
};

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/^client\/|^i18n\/(en|zh)|\.test\./.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

describe("the catalogues", () => {
  test("have the same keys", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  test("leave no message empty and fill the same holes", () => {
    for (const [key, message] of Object.entries(en)) {
      const other = zh[key as keyof typeof en];
      for (const text of [message, other].flatMap((m) => (typeof m === "string" ? [m] : Object.values(m)))) {
        expect(text.trim(), key).not.toBe("");
      }
      const wanted = holes(message).filter((name) => name !== "count");
      expect(
        holes(other).filter((name) => name !== "count"),
        key,
      ).toEqual(wanted);
    }
  });

  test("hold no message that no screen says", () => {
    const code = sources("src").join("\n");
    const made =
      /^(reason|hint|status|stage|kind|role|item\.tool|download\.waits|menu\.scheme|admin|scope|outcome|settings\.group|audit\.export|backups\.(kind|stage)|level|health\.(part|disk|lane)|follow|link\.(type|state|mend)|links\.sort|library\.(sort|view)|player\.repeat|verdict|why|entry\.kind|check\.(tier|reason)|cookies\.mode|import\.(kind|status|trouble)|fault|sites\.(circuit|health|mode|reason)|match\.(verdict|why|kind)|mend|platform|task\.(status|mode|count|tab)|target\.status|plan\.op|run\.(trigger|status|note|line)|cron|task\.form\.(link|file|keep\w+)|servers\.(login|tokenNote)|plan\.(added|removed|moved)|missing\.(session|state|why|tried)|transcript\.(state|why)|notices\.(event|digest)|podcasts\.(status|provider|step|tab|fault|mend|format|template|gender|music|origin|report|source|when|digests\.when)|profiles\.(server|where|side|embed|sponsor|fate|music))(\.|$)/;
    const unused = Object.keys(en).filter((key) => !made.test(key) && !code.includes(`"${key}"`));
    expect(unused).toEqual([]);
  });
});

describe("render", () => {
  test("fills holes, and leaves text that looks like markup as it is", () => {
    expect(render("To {name}!", "en", { name: "<b>{x}</b>" })).toBe("To <b>{x}</b>!");
  });

  test("chooses the plural of the language", () => {
    expect(render(en["box.save"], "en", { count: 1 })).toBe("Save");
    expect(render(en["box.save"], "en", { count: 3 })).toBe("Save 3 links");
    expect(render(zh["box.save"], "zh-CN", { count: 1 })).toBe("保存");
    expect(render(zh["library.count"], "zh-CN", { count: 12345 })).toBe("12,345 个项目");
  });
});

describe("formats", () => {
  const { bytes, clock, ago, span } = formats("en");

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_400_000, "1.4 MB"],
    [125_000_000_000, "125 GB"],
  ])("bytes %d", (count, text) => expect(bytes(count)).toBe(text));

  test("times", () => {
    expect(clock(187)).toBe("3:07");
    expect(clock(3753)).toBe("1:02:33");
    expect(span(0.2)).toBe("1 sec");
    expect(span(130)).toBe("2 min");
    const now = Date.parse("2026-01-01T12:00:00Z");
    expect(ago("2026-01-01T11:55:00Z", now)).toBe("5 minutes ago");
    expect(formats("zh-CN").ago("2026-01-01T11:55:00Z", now)).toBe("5分钟前");
  });
});
