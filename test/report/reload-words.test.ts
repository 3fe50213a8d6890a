import { describe, expect, test } from "vitest";
import { closedLaterText, reloadWords, summaryOf } from "../../src/report/reload-words.ts";
import type { ReloadFacts } from "../../src/report/reload-words.ts";

const edit: ReloadFacts = {
  reason: "lib/cart.ts changed",
  files: ["lib/cart.ts"],
  routes: [],
  kept: [],
  reset: [],
  closed: [],
};
const numbered = (count: number, name = "lib/cart.ts:n"): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);
const why = "its initializer changed";

describe("a reload says what happened to state and resources", () => {
  test.for<[string, Partial<ReloadFacts>, string]>([
    ["nothing, in so many words", {}, ""],
    [
      "the names of the edited file without the file",
      { kept: ["lib/cart.ts:items", "cart"] },
      "kept items, cart",
    ],
    [
      "other names with their file",
      { kept: ["lib/cart.ts:items"], files: ["lib/cart.ts", "lib/price.ts"] },
      "kept lib/cart.ts:items",
    ],
    ["four names", { kept: numbered(4) }, "kept n0, n1, n2, n3"],
    ["of more than four, three and how many more", { kept: numbered(15) }, "kept n0, n1, n2 and 12 more"],
    [
      "each reason once",
      { reset: [...["a", "b"].map((name) => ({ name, why })), { name: "c", why: "renamed or removed" }] },
      "reset a, b (its initializer changed), c (renamed or removed)",
    ],
    [
      "of many that start anew, three and how many more",
      { reset: numbered(7, "x").map((name) => ({ name, why })) },
      "reset x0, x1, x2 (its initializer changed) and 4 more",
    ],
    [
      "what was closed by its kind, from all modules together",
      {
        closed: [
          { kind: "timer", module: "a.ts", count: 1 },
          { kind: "dispose handler", module: "a.ts", count: 2 },
          { kind: "child", module: "b.ts", count: 2 },
          { kind: "timer", module: "b.ts", count: 3 },
        ],
      },
      "closed 4 timers, 2 by dispose handlers, 2 child processes",
    ],
  ])("%s", ([, given, said]) => {
    const sentence = ["lib/cart.ts changed", said].filter(Boolean).join("; ");
    expect(summaryOf({ ...edit, ...given })).toBe(sentence);
  });
});

test("whole, nothing is cut, and what was closed has its file", () => {
  const { what, facts } = reloadWords(
    {
      ...edit,
      reruns: [{ name: "a.ts", why: "imports lib/cart.ts" }],
      spared: 2,
      routes: numbered(6, "/api/r"),
      kept: numbered(6),
      reset: numbered(6, "x").map((name) => ({ name, why })),
      closed: [
        { kind: "timer", module: "a.ts", count: 1 },
        { kind: "timer", module: "b.ts", count: 3 },
        { kind: "client", module: "b.ts", count: 1 },
      ],
    },
    "whole",
  );
  expect(what).toBe("lib/cart.ts changed → /api/r0, /api/r1, /api/r2, /api/r3, /api/r4, /api/r5");
  expect(facts.map(({ topic, text }) => `${topic} ${text}`)).toEqual([
    "ran again a.ts (imports lib/cart.ts)",
    "as is 2 importers did not have to run again",
    "kept n0, n1, n2, n3, n4, n5",
    "reset x0, x1, x2, x3, x4, x5 (its initializer changed)",
    "closed 1 timer (a.ts), 3 timers, 1 client (b.ts)",
  ]);
});

test.each([
  [
    "files",
    {
      files: numbered(40, "src/features/accounts/routes/handlers/file"),
      cause:
        "src/features/accounts/routes/handlers/file0, src/features/accounts/routes/handlers/file1, src/features/accounts/routes/handlers/file2 and 37 more changed",
    },
  ],
  ["routes", { routes: numbered(40, "/api/organisations/:organisation/accounts/:account/handlers/r") }],
  [
    "modules that ran",
    { reruns: numbered(16, "src/features/accounts/a-rather-long-name").map((name) => ({ name, why })) },
  ],
  [
    "values",
    { kept: numbered(40, "a-rather-long-name"), reset: numbered(40, "x").map((name) => ({ name, why })) },
  ],
] as const)("with many %s, the line of a save has at most 160 columns", (_, many) => {
  const report = { ...edit, ...many, closed: [{ kind: "dispose handler", module: "a.ts", count: 100 }] };
  const { what, facts } = reloadWords(report);
  const line = `reloaded  ${what} · 1000 ms · v1000${facts.map(({ topic, text }) => ` · ${topic} ${text}`).join("")}`;
  expect(line.length).toBeLessThanOrEqual(160);
  expect(reloadWords(report, "whole").facts.length).toBeGreaterThanOrEqual(facts.length);
});

test("what there is no room to name is counted", () => {
  const reruns = numbered(16, "src/features/accounts/a-rather-long-name").map((name) => ({ name, why }));
  const kept = numbered(12, "src/features/accounts/another-rather-long-name");
  expect(summaryOf({ ...edit, reruns, kept })).toBe(
    "lib/cart.ts changed; ran again 16 modules; kept 12 values",
  );
});

test("what is closed late is a sentence of its own", () => {
  expect(closedLaterText([{ kind: "client", module: "lib/db.ts", count: 1 }], 4)).toBe(
    "Closed after older requests ended (v4): 1 client.",
  );
});
