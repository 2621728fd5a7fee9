import { expect, test } from "vitest";
import type { RunLine } from "@/api/tasks";
import { en } from "@/i18n/en";
import type { Language } from "@/i18n/language";
import { render, type Message, type Values } from "@/i18n/message";
import { zh } from "@/i18n/zh";
import { lineWords } from "./lines";

const CATALOGUES: Record<Language, Record<string, Message>> = { en, "zh-CN": zh };

function words(
  language: Language,
  code: string,
  values: RunLine["values"],
  text = "In English, 3 of 12.",
): string {
  const say = (key: string, holes?: Values) => {
    const message = CATALOGUES[language][key];
    return message === undefined ? null : render(message, language, holes);
  };
  const fault = (reason: string | null, message: string | null) => say(`fault.${reason}`) ?? message;
  return lineWords({ at: "2026-01-01T00:00:00Z", level: "info", code, text, values }, language, say, fault);
}

const ALL = { server: "家", count: 1, total: 2, added: 3, removed: 4, moved: 5 };

test("every kind of line has words with its numbers in both languages", () => {
  for (const language of ["en", "zh-CN"] as const)
    for (const key of Object.keys(en).filter((each) => each.startsWith("run.note."))) {
      const code = key.slice("run.note.".length);
      if (["resumed", "matched", "failed"].includes(code)) continue;
      const said = words(language, code, ALL);
      expect(said, code).not.toMatch(/[{}]|In English/);
      expect(said, code).toMatch(/家|1/);
    }
  expect(words("en", "not_taken", ALL)).toBe("家 did not take 1 track.");
  expect(words("zh-CN", "written", ALL)).toBe("家：新增 3 首，移除 4 首，移动 5 首。");
});

test("a part of a list is told with what there is, and with why", () => {
  expect(words("zh-CN", "source_incomplete", { count: 3 })).toBe("来源只给出了 3 首歌曲：不会移除任何歌曲。");
  expect(words("zh-CN", "source_incomplete", { count: 3, total: 12, reason: "source_limited" })).toBe(
    "来源只给出了 12 首歌曲中的 3 首：不会移除任何歌曲。 平台要求稍后再试。",
  );
});

test("what went wrong is told by its code, in English by the server's own sentence", () => {
  const values = { server: "家", reason: "dns" };
  expect(words("zh-CN", "failed", values)).toBe("家：找不到这个服务器名称。");
  expect(words("zh-CN", "failed", { reason: "source_gone" })).toBe("平台上的歌单已不存在。");
  expect(words("zh-CN", "failed", { reason: "of_a_plug_in" })).toBe("In English, 3 of 12.");
  expect(words("en", "failed", values)).toBe("In English, 3 of 12.");
});

test("lines of earlier versions stay readable", () => {
  expect(words("en", "written", {})).toBe("In English, 3 of 12.");
  expect(words("zh-CN", "written", {})).toBe("已写入歌单 (3 / 12)");
  expect(words("zh-CN", "unheard_of", {})).toBe("In English, 3 of 12.");
});
