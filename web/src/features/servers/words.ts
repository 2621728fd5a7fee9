import { useI18n } from "@/i18n";

/** A fault by its code, and what mends it, in the language in use; the server's own sentence where there is no code. */
export function useFault(): (reason: string | null, message: string | null) => string | null {
  const { sayIfKnown } = useI18n();
  return (reason, message) => {
    const told = reason && sayIfKnown(`fault.${reason}`);
    if (!told) return message;
    const mend = sayIfKnown(`mend.${reason}`);
    return mend ? `${told} ${mend}` : told;
  };
}
