import { expect, test } from "vitest";
import { choices } from "./providers";

const one = (name: string, models: string[] = [], isOk = true) => ({
  role: "llm" as const,
  name,
  title: name.split(":")[0]?.toUpperCase() ?? "",
  isOk,
  models,
});

test("each model is a choice of its own, what answers comes first, and nothing twice", () => {
  const known = [
    one("openai:gpt-4o", [], false),
    one("ollama:qwen3:8b", ["qwen3:8b", "llama3.1"]),
    one("ollama", ["llama3.1"]),
    one("extractive"),
  ];
  expect(choices(known, "llm")).toEqual([
    { name: "ollama:qwen3:8b", label: "OLLAMA · qwen3:8b", isOk: true },
    { name: "ollama:llama3.1", label: "OLLAMA · llama3.1", isOk: true },
    { name: "extractive", label: "EXTRACTIVE", isOk: true },
    { name: "openai:gpt-4o", label: "OPENAI · gpt-4o", isOk: false },
  ]);
});

test("who speaks does not write", () => expect(choices([one("espeak")], "tts")).toEqual([]));

test("a provider is called as the page's language has it, where it has a word", () => {
  const nameOf = (role: string, provider: string) => (provider === "ollama" ? `${role} 本机` : null);
  const labels = choices([one("ollama:qwen3:8b"), one("extractive")], "llm", nameOf).map(
    ({ label }) => label,
  );
  expect(labels).toEqual(["llm 本机 · qwen3:8b", "EXTRACTIVE"]);
});
