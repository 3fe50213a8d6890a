import { expect, test } from "vitest";
import type { Clock } from "../../src/reload/clock.ts";
import type { NodeExchange } from "../../src/routes/index.ts";
import { SilentListeners } from "../../src/session/silent-listeners.ts";
import { FakeClock } from "../reload/support/fake-clock.ts";

const SECOND = 1000;

function open(): {
  readonly clock: FakeClock;
  readonly lines: string[];
  readonly listeners: SilentListeners;
} {
  const clock = new FakeClock();
  const lines: string[] = [];
  const warn = (line: string): void => void lines.push(line);
  return { clock, lines, listeners: new SilentListeners({ clock, silenceMs: undefined, warn }) };
}

/** A request for `/api/a?b`, all of which has arrived, and to which nothing has been answered. */
function exchangeOf(
  incoming: { complete?: boolean } = {},
  outgoing: { headersSent?: boolean; destroyed?: boolean } = {},
): NodeExchange {
  return {
    incoming: Object.assign(incoming, {
      method: "PUT",
      url: "/api/a?b",
      complete: incoming.complete ?? true,
    }),
    outgoing: Object.assign(outgoing, { destroyed: outgoing.destroyed ?? false }),
  } as unknown as NodeExchange;
}

test("a function that has not answered for 10 s is told once, however many requests wait", async () => {
  const { clock, lines, listeners } = open();
  for (let request = 0; request < 3; request++) listeners.begin(exchangeOf(), "pages/api/a.ts");
  await clock.pass(9 * SECOND);
  expect(lines).toEqual([]);
  await clock.pass(SECOND);
  listeners.begin(exchangeOf(), "pages/api/a.ts");
  await clock.pass(60 * SECOND);
  expect(lines).toEqual([
    expect.stringContaining(
      "pages/api/a.ts has not answered PUT /api/a for 10 s, and has not called next().",
    ),
  ]);
  listeners.begin(exchangeOf(), "pages/api/b.ts");
  await clock.pass(10 * SECOND);
  expect(lines).toHaveLength(2);
});

test("a function that has answered, left the request or failed is not told", async () => {
  const { clock, lines, listeners } = open();
  const end = listeners.begin(exchangeOf(), "pages/api/a.ts");
  await clock.pass(6 * SECOND);
  end();
  await clock.pass(60 * SECOND);
  expect([lines, clock.waiting]).toEqual([[], 0]);
});

test.each([
  ["a stream or a long poll is under way", { headersSent: true }],
  ["the client has left", { destroyed: true }],
])("nothing is told where %s", async (_why, outgoing) => {
  const { clock, lines, listeners } = open();
  const state: { headersSent?: boolean; destroyed?: boolean } = {};
  listeners.begin(exchangeOf({}, state), "pages/api/a.ts");
  await clock.pass(9 * SECOND);
  Object.assign(state, outgoing);
  await clock.pass(60 * SECOND);
  expect([lines, clock.waiting]).toEqual([[], 0]);
});

test("a function may wait for the rest of a body as long as that takes", async () => {
  const { clock, lines, listeners } = open();
  const incoming = { complete: false };
  listeners.begin(exchangeOf(incoming), "pages/api/a.ts");
  await clock.pass(60 * SECOND);
  expect(lines).toEqual([]);
  incoming.complete = true;
  await clock.pass(10 * SECOND);
  expect(lines).toHaveLength(1);
});

test("a pause at a breakpoint, which ends a wait at once, is no silence", () => {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const clock: Clock = {
    now: 0,
    after: (_ms, run) => {
      waiting.add(run);
      return () => waiting.delete(run);
    },
  };
  const warn = (line: string): void => void lines.push(line);
  const listeners = new SilentListeners({ clock, silenceMs: undefined, warn });
  const end = listeners.begin(exchangeOf(), "pages/api/a.ts");
  const [first] = waiting;
  waiting.clear();
  first?.();
  expect([lines, waiting.size]).toEqual([[], 1]);
  end();
  expect(waiting.size).toBe(0);
});
