/** The one box, wherever it is on the screen. */
export const BOX_ID = "the-one-box";

const onApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How the shortcut to the one box is written on this machine. */
export const boxShortcut = () => (onApple() ? "⌘K" : "Ctrl+K");

export function isBoxShortcut(event: KeyboardEvent): boolean {
  const held = onApple() ? event.metaKey : event.ctrlKey;
  return held && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
}

/** Puts the cursor into the box; says whether there is one on this screen. */
export function focusBox(): boolean {
  const box = document.getElementById(BOX_ID);
  box?.focus();
  return box !== null;
}
