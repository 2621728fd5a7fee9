/** What may stand in an address, and nothing else. */

export const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

export const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((candidate) => candidate === value);

export const pageNumber = (value: unknown): number | undefined =>
  Number.isInteger(value) && Number(value) > 1 ? Number(value) : undefined;

export const rowNumber = (value: unknown): number | undefined =>
  Number.isInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined;

export const rowNumbers = (value: unknown): number[] | undefined => {
  const numbers = (Array.isArray(value) ? value : []).filter(
    (each): each is number => Number.isInteger(each) && Number(each) > 0,
  );
  return numbers.length > 0 ? numbers : undefined;
};

export const day = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;

/** A place on this page to go on to; anything that could lead elsewhere is dropped. */
export function ownPlace(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}
