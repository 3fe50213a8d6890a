import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { keysText } from "../../src/cli/help.ts";
import { options as commandLineOptions } from "../../src/cli/options.ts";
import { STRATEGIES } from "../../src/protocol/report.ts";
import { labelOf } from "../../src/report/reload-words.ts";
import { resolveOptions } from "../../src/settings/options.ts";
import { packageRoot } from "../cli/project.ts";
import { allText, pages } from "./pages.ts";

// The pages name what there is, and nothing else.

function textOf(name: string): string {
  const page = pages.find((each) => each.name === name);
  if (page === undefined) throw new Error(`There is no page ${name}.`);
  return page.text;
}

/** What a page shows as code in the first columns of its tables. */
function firstColumn(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [, cell = ""] = /^\| (.*?) +\|/.exec(line.replaceAll("\\|", "¦")) ?? [];
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
  });
}

const source = readdirSync(join(packageRoot, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(packageRoot, "src", file), "utf8"))
  .join("\n");

function wordsIn(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, word = ""]) => word))].toSorted();
}

test("every option of the plugin stands on its page with its default, and no other", () => {
  const { hmr, dependencyTracking } = resolveOptions({}, {});
  const known = new Map<string, unknown>([
    ["apiDir", "pages/api"],
    ["apiPrefix", "/api"],
    ["trustProxy", false],
    ...Object.entries(hmr).map(([name, value]) => [`hmr.${name}`, value] as const),
    ...Object.entries(dependencyTracking).map(
      ([name, value]) => [`dependencyTracking.${name}`, value] as const,
    ),
  ]);
  const text = textOf("docs/options.md").split("## Environment variables")[0] ?? "";
  expect(firstColumn(text).toSorted()).toEqual([...known.keys()].toSorted());
  for (const [name, value] of known) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${name}\` `));
    const shown = typeof value === "string" ? `"${value}"` : String(value);
    expect(row).toContain(`\`${shown}\``);
  }
});

test("every variable of the environment stands on the page of options", () => {
  const read = readFileSync(join(packageRoot, "src/settings/option-variables.ts"), "utf8");
  const known = wordsIn(read, /read\("(\w+)"/g);
  expect(known.length).toBeGreaterThan(0);
  const [, text = ""] = textOf("docs/options.md").split("## Environment variables");
  expect(firstColumn(text.split("\n## ")[0] ?? "").toSorted()).toEqual(known);
});

describe("every command and all that it takes stand on the page of commands", () => {
  const text = textOf("docs/commands.md");
  test.for(Object.entries(commands))("%s", ([name, { options }]) => {
    expect(text).toContain(`orbiton ${name}`);
    for (const option of options) {
      expect(Object.keys(commandLineOptions)).toContain(option);
      expect(text, `--${option}`).toContain(`--${option}`);
    }
  });

  test("and no other option", () => {
    const known = Object.keys(commandLineOptions);
    const shown = wordsIn(text, /`--([a-z][\w-]*)/gi);
    expect(shown.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("the keys are those of the help", () => {
    const keys = wordsIn(keysText, /^ {2}(\w) /gm);
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys) expect(text).toContain(`\`${key}\``);
  });
});

describe("every export is named on a page", () => {
  test.for(["index.ts", "state/index.ts", "node/index.ts", "vite/index.ts"])("%s", (file) => {
    const text = readFileSync(join(packageRoot, "src", file), "utf8");
    const names = [...text.matchAll(/export (?:type )?\{([^}]+)\}/g)]
      .flatMap(([, list = ""]) => list.split(","))
      .map((name) => name.replace(/^\s*type\s+/, "").trim())
      .filter((name) => name !== "");
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(allText))).toEqual([]);
  });
});

test("every strategy stands on the page for programs with the word that people read, and no other", () => {
  const [, text = ""] = textOf("docs/programs.md").split("| strategy ");
  const rows = [...(text.split("\n\n")[0] ?? "").matchAll(/^\| `(\w+)`.*\| `(\w+)` +\|$/gm)];
  expect(rows.map(([, strategy, word]) => [strategy, word])).toEqual(
    STRATEGIES.map((strategy) => [strategy, labelOf(strategy)]),
  );
});

test("every code of an error stands on the page for programs, and no other", () => {
  const [, union = ""] = /type OrbitErrorCode =([^;]+);/.exec(source) ?? [];
  const [, text = ""] = textOf("docs/programs.md").split("## Errors");
  expect(firstColumn(text).toSorted()).toEqual(wordsIn(union, /"(\w+)"/g));
});

test("every name of NODE_DEBUG stands on the page of what is odd, and no other", () => {
  const known = wordsIn(source, /debuglog\("(orbit:\w+)"\)/g);
  const [, text = ""] = textOf("docs/troubleshooting.md").split("## To see each decision");
  expect(firstColumn(text).toSorted()).toEqual(known);
});

describe("what is quoted as a message is one of the program", () => {
  // A long message is written in pieces, and what varies stands in braces: `…` on the page.
  const said = source.replaceAll(/["`]\s*\+\s*["`]/g, "").replaceAll('\\"', '"');
  const [, text = ""] = textOf("docs/troubleshooting.md").split("## What the program says");
  const messages = firstColumn(text.split("## To see each decision")[0] ?? "");
  test("there are some", () => expect(messages.length).toBeGreaterThan(30));
  test.for(messages)("%s", (message) => {
    const pieces = message.split("…").map((words) => words.trim());
    expect(pieces.filter((piece) => /\w{3}/.test(piece) && !said.includes(piece))).toEqual([]);
  });
});
