import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SCENARIOS } from "./scenarios/index.ts";

const text = readFileSync(new URL("../../../docs/import-meta-hot.md", import.meta.url), "utf8");

/** The rows of the table below a heading. */
function rowsBelow(heading: string): readonly string[] {
  const [, section = ""] = text.split(`\n## ${heading}\n`);
  const [below = ""] = section.split("\n## ");
  return [...below.matchAll(/^\|(.*)\|$/gm)].slice(2).map(([, cells = ""]) =>
    cells
      .split("|")
      .map((cell) => cell.trim())
      .join(" | "),
  );
}

/** Rows that several scenarios are about are there once. */
function rowsOf(rows: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(rows.map((cells) => cells.join(" | ")))];
}

test("the table of the contract and its tests are the same list", () => {
  const alike = SCENARIOS.filter(({ vite }) => vite === undefined);
  expect(rowsBelow("The contract")).toEqual(rowsOf(alike.map(({ member, law }) => [`\`${member}\``, law])));
});

test("what differs on purpose stands in the documentation, with the reason and what to write instead", () => {
  const different = SCENARIOS.flatMap(({ member, law, vite }) =>
    vite === undefined ? [] : [[`\`${member}\``, law, vite.law, vite.reason, vite.instead]],
  );
  expect(rowsBelow("What differs on purpose")).toEqual(rowsOf(different));
});
