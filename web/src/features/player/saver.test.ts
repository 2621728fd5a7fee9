import { expect, test, vi } from "vitest";
import { resumeAt, Saver } from "./saver";

test("sends at most every ten seconds while playing, and at once when it stops", () => {
  let now = 0;
  const send = vi.fn();
  const saver = new Saver(send, () => now);
  for (let second = 0; second <= 25; second += 0.25) {
    now = second * 1000;
    saver.tick(second);
  }
  expect(send.mock.calls.map(([position]) => position as number)).toEqual([10, 20]);
  saver.flush(25);
  saver.flush(25, true);
  expect(send).toHaveBeenCalledTimes(3);
  expect(send).toHaveBeenLastCalledWith(25, false);
});

test("what was hardly begun is not worth a word", () => {
  const send = vi.fn();
  new Saver(send, () => 0).flush(0.4);
  expect(send).not.toHaveBeenCalled();
});

const at = (position: number, is_finished = false) => ({ position, is_finished });
test.each([
  [null, 3600, true, null],
  [at(63), 3600, true, 63],
  [at(63), 3600, false, 63],
  [at(63), 200, false, null],
  [at(63), 200, true, 63],
  [at(4), 3600, true, null],
  [at(3595), 3600, true, null],
  [at(63, true), 3600, true, null],
  [at(63), null, true, 63],
])("%j of %s goes on at %s", (played, duration, isVideo, wanted) =>
  expect(resumeAt(played, duration, isVideo)).toBe(wanted),
);
