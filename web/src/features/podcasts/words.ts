import type { Episode } from "@/api/podcasts";
import { useI18n } from "@/i18n";

/** What a step of the work is called; the server's own word for one that is not known here. */
function useStep(): (step: string) => string {
  const { sayIfKnown } = useI18n();
  return (step) => sayIfKnown(`podcasts.step.${step}`) ?? step;
}

/** What is being done, and how far it is. */
export function useDoing(): (
  episode: Pick<Episode, "status" | "step" | "stepsDone" | "stepsTotal">,
) => string {
  const { say, sayIfKnown } = useI18n();
  const stepOf = useStep();
  return ({ status, step, stepsDone, stepsTotal }) => {
    const what =
      status === "pending" || !step ? (sayIfKnown(`podcasts.status.${status}`) ?? status) : stepOf(step);
    // A percentage needs no count beside it, the bar shows it.
    if (status === "pending" || stepsTotal < 2 || stepsTotal === 100) return what;
    return say("podcasts.doing", { what, done: Math.min(stepsDone + 1, stepsTotal), total: stepsTotal });
  };
}

/** Of the step that runs, from 0 to 1; null while it is not known. */
export const shareOf = ({
  status,
  stepsDone,
  stepsTotal,
}: Pick<Episode, "status" | "stepsDone" | "stepsTotal">) =>
  status === "pending" || stepsTotal < 2 ? null : Math.min(1, stepsDone / stepsTotal);

/** Why an episode failed: the server's sentence names the step; what may help stands behind it. */
export function useEpisodeFault(): (episode: Pick<Episode, "errorCode" | "errorMessage" | "step">) => {
  message: string;
  hint: string | null;
} {
  const { say, sayIfKnown, language } = useI18n();
  const stepOf = useStep();
  return ({ errorCode, errorMessage, step }) => {
    const told = errorCode && sayIfKnown(`podcasts.fault.${errorCode}`);
    const hint = errorCode ? sayIfKnown(`podcasts.mend.${errorCode}`) : null;
    // The server's own words are English, and know the very file, voice or number.
    const message =
      language === "en" && errorMessage
        ? errorMessage
        : step
          ? say("podcasts.failedAt", { step: stepOf(step), why: told ?? errorMessage ?? "" })
          : (told ?? errorMessage ?? "");
    return { message, hint };
  };
}

/** Names of languages that shows are made in most; any other tag can be typed. */
export const LANGUAGES = [
  "en",
  "zh-CN",
  "de",
  "fr",
  "es",
  "it",
  "pt",
  "nl",
  "pl",
  "ru",
  "ja",
  "ko",
  "hi",
  "ar",
];

/** What a language is called in the language of the person who reads it. */
export function useLanguageName(): (tag: string) => string {
  const { language } = useI18n();
  return (tag) => {
    try {
      return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
    } catch {
      // Not a language's tag at all.
      return tag;
    }
  };
}
