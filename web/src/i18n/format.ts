/** How numbers and times are written in a language. */
export interface Formats {
  /** Bytes with a decimal unit: 1.4 MB. */
  bytes: (count: number) => string;
  /** Seconds as a clock: 3:07 or 1:02:33. */
  clock: (seconds: number) => string;
  /** Seconds in words, for time that is left: 2 min. */
  span: (seconds: number) => string;
  /** Day and time of an ISO time. */
  moment: (iso: string) => string;
  /** Day of an ISO time. */
  day: (iso: string) => string;
  /** How long ago (or ahead) an ISO time is: 5 minutes ago. */
  ago: (iso: string, now?: number) => string;
  /** A share between 0 and 1 as a percentage. */
  percent: (share: number) => string;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function formats(language: string): Formats {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  return {
    bytes: (count) => bytes(count, language),
    clock,
    span: (seconds) => {
      if (seconds < 60) return unit(Math.max(1, Math.round(seconds)), "second");
      if (seconds < 3600) return unit(Math.round(seconds / 60), "minute");
      return unit(Math.round(seconds / 360) / 10, "hour");
    },
    moment: (iso) => moment.format(new Date(iso)),
    day: (iso) => day.format(new Date(iso)),
    ago: (iso, now = Date.now()) => ago((Date.parse(iso) - now) / 1000, relative),
    percent: (share) => percent.format(share),
  };
}

function bytes(count: number, language: string): string {
  const step = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** step;
  const digits = step === 0 || value >= 100 ? 0 : 1;
  const number = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number.format(value)} ${UNITS[step]}`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

function ago(seconds: number, relative: Intl.RelativeTimeFormat): string {
  const distance = Math.abs(seconds);
  if (distance < 45) return relative.format(0, "second");
  if (distance < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (distance < 86_400) return relative.format(Math.round(seconds / 3600), "hour");
  if (distance < 30 * 86_400) return relative.format(Math.round(seconds / 86_400), "day");
  if (distance < 365 * 86_400) return relative.format(Math.round(seconds / (30 * 86_400)), "month");
  return relative.format(Math.round(seconds / (365 * 86_400)), "year");
}
