import type { Say } from "@/i18n";

/** Puts the cursor into the first field with a fault; says whether there is one. Fields go by their name. */
export function firstFault(form: HTMLFormElement, faults: Record<string, string | null>): boolean {
  const name = Object.keys(faults).find((field) => faults[field] !== null);
  if (name === undefined) return false;
  form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.focus();
  return true;
}

/** What is wrong with an e-mail address, as far as one can tell from here. */
export function emailFault(email: string, say: Say): string | null {
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? null : say("account.email.wrong");
}
