import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { MARKED_BY_INPUTS, RULES } from "../../src/runtime/update/rules.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const document = readFileSync(path.join(repository, "ARCHITECTURE.md"), "utf8");

/** The rows of the table of rules: `| A | `read` | … | `model/reads.ts` |`. */
const rows = [...document.matchAll(/^\| ([A-Z]) +\| `([\w-]+)` +\|[^|\n]+\|([^|\n]+)\|$/gm)].map(
  ([, letter = "", kind = "", recorders = ""]) => ({
    rule: `${letter} ${kind}`,
    recorders: [...recorders.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
  }),
);

test("the table of rules in ARCHITECTURE.md has each rule of the code, and no other", () => {
  const all = [...RULES.live, ...RULES.importers].map(({ letter, kind }) => `${letter} ${kind}`);
  const inCode = new Set([...all, ...MARKED_BY_INPUTS.map(({ letter, kind }) => `${letter} ${kind}`)]);
  expect(rows.map(({ rule }) => rule).toSorted()).toEqual([...inCode].toSorted());
});

test.each(rows)("what rule $rule goes by is recorded where the table says", ({ recorders }) => {
  expect(recorders.length).toBeGreaterThan(0);
  const missing = recorders.filter((file) => !existsSync(path.join(repository, "src/runtime", file)));
  expect(missing).toEqual([]);
});
