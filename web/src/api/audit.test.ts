import { expect, test } from "vitest";
import { auditExport, auditParameters } from "./audit";

test("what is empty is no filter", () => {
  expect(auditParameters({ username: "", action: undefined })).toEqual({});
});

test("both days are included, as the person's own calendar has them", () => {
  const { since, until } = auditParameters({ from: "2026-11-20", to: "2026-11-20" });
  expect(Date.parse(until ?? "") - Date.parse(since ?? "")).toBe(86_400_000);
  expect(new Date(since ?? "").getHours()).toBe(0);
});

test("the export takes the filter along, escaped", () => {
  expect(auditExport({ username: "a&b", outcome: "failure" }, "csv")).toBe(
    "/api/v1/audit/export?username=a%26b&outcome=failure&format=csv",
  );
});
