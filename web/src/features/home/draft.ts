import { useState } from "react";

const STORED = "magpie.draft";

/**
 * What stands in the one box. It outlives errors, other screens, a reload and the login that an ended session
 * asks for; it ends with the tab.
 */
export function useDraft(): [string, (text: string) => void] {
  const [text, setText] = useState(read);
  const keep = (next: string) => {
    setText(next);
    try {
      if (next === "") sessionStorage.removeItem(STORED);
      else sessionStorage.setItem(STORED, next);
    } catch {
      // Storage may be forbidden or full: the box itself still has the text.
    }
  };
  return [text, keep];
}

function read(): string {
  try {
    return sessionStorage.getItem(STORED) ?? "";
  } catch {
    return "";
  }
}
