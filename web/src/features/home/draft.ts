import { useState } from "react";
import { findLinks } from "./links";

const STORED = "magpie.draft";

/**
 * What stands in the one box. It outlives errors, other screens, a reload and the login that an ended session
 * asks for; it ends with the tab.
 */
export function useDraft(): [string, (text: string) => void] {
  const [text, setText] = useState(readBox);
  const keep = (next: string) => {
    setText(next);
    write(next);
  };
  return [text, keep];
}

/** Takes an address out of the box that another screen has dealt with. */
export function dropFromDraft(address: string): void {
  const text = readBox();
  const links = findLinks(text);
  // What stands around the only address is the rest of its share text.
  if (links.includes(address)) write(links.length === 1 ? "" : text.replace(address, "").trim());
}

/** Empties the box when another screen has dealt with all of it. */
export const emptyBox = () => write("");

function write(text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, text);
  } catch {
    // Storage may be forbidden or full: the box itself still has the text.
  }
}

/** What stands in the box. */
export function readBox(): string {
  try {
    return sessionStorage.getItem(STORED) ?? "";
  } catch {
    return "";
  }
}
