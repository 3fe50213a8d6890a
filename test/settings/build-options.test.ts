import { describe, expect, test } from "vitest";
import { wrongBuildOptions } from "../../src/settings/build-options.ts";
import { randomFrom } from "../support/random.ts";

type Kind = "text" | "texts" | "filled texts" | "switch or texts" | "texts by name" | "format";

const KINDS: Readonly<Record<string, Kind>> = {
  command: "text",
  args: "texts",
  cwd: "text",
  watch: "filled texts",
  ignore: "filled texts",
  output: "text",
  run: "switch or texts",
  env: "texts by name",
  diagnostics: "format",
};

/** Values, and the kinds that they are of. */
const VALUES: readonly (readonly [value: unknown, kinds: readonly Kind[]])[] = [
  ["dist", ["text"]],
  ["a b; \u0000 ü😀", ["text"]],
  ["", []],
  [" \t\n", []],
  ["gcc", ["text", "format"]],
  ["rustc", ["text", "format"]],
  ["asc", ["text", "format"]],
  ["tsc", ["text"]],
  [[], ["texts", "filled texts", "switch or texts"]],
  [
    ["a", "b c"],
    ["texts", "filled texts", "switch or texts"],
  ],
  [
    ["a", ""],
    ["texts", "switch or texts"],
  ],
  [["a", 1], []],
  [["a", null], []],
  [[["a"]], []],
  [[undefined], []],
  [true, ["switch or texts"]],
  [false, ["switch or texts"]],
  [{}, ["texts by name"]],
  [{ NAME: "a", "": "" }, ["texts by name"]],
  [Object.assign(Object.create(null), { NAME: "a" }), ["texts by name"]],
  [{ NAME: 1 }, []],
  [{ NAME: undefined }, []],
  [{ NAME: ["a"] }, []],
  [/^(?<message>.*)$/, ["format"]],
  [/(?<level>E) (?<message>x)/giu, ["format"]],
  [/(?<message>x)/y, ["format"]],
  [/message/, []],
  [/[(?<message>]/, []],
  [/\(?<message>/, []],
  [null, []],
  [0, []],
  [-1.5, []],
  [Number.NaN, []],
  [12n, []],
  [Symbol("a"), []],
  [() => "dist", []],
  [new Date(0), []],
  [new Map([["a", "b"]]), []],
];

/** An object without fields of its own is one of texts, whatever else it is. */
const isBare = (value: unknown): boolean =>
  value instanceof Date || value instanceof Map || value instanceof RegExp;

describe("the options of a build", () => {
  const judged = Object.entries(KINDS).flatMap(([name, kind]) =>
    VALUES.filter(([value]) => !(kind === "texts by name" && isBare(value))).map(
      ([value, kinds]) => ({ name, value, isRight: kinds.includes(kind) }) as const,
    ),
  );

  test("what is right is taken", () => {
    for (const { name, value } of judged.filter(({ isRight }) => isRight))
      expect([name, value, wrongBuildOptions({ [name]: value })]).toEqual([name, value, []]);
  });

  test("what is wrong is named once, with what was expected and what came", () => {
    for (const { name, value } of judged.filter(({ isRight }) => !isRight)) {
      const sentence = new RegExp(`^Expected \`build\\.${name}\` to be .+, got [^]+\\.$`);
      const said = wrongBuildOptions({ [name]: value });
      expect([name, value, said]).toEqual([name, value, [expect.stringMatching(sentence)]]);
    }
  });

  test("all that is wrong is named at once, in whatever company", () => {
    for (let seed = 0; seed < 2_000; seed++) {
      const random = randomFrom(seed);
      const chosen = Object.keys(KINDS).flatMap((name) => {
        const those = judged.filter((each) => each.name === name);
        return random(3) === 0 ? [] : (those[random(those.length)] ?? []);
      });
      const unknown = random(3) === 0 ? { [`comand${seed}`]: 1, __proto: "a" } : {};
      const given = { ...Object.fromEntries(chosen.map(({ name, value }) => [name, value])), ...unknown };
      const named = wrongBuildOptions(given).map((text) => /`build\.([^`]+)`/.exec(text)?.[1] ?? text);
      const wrong = chosen.flatMap(({ name, isRight }) => (isRight ? [] : [name]));
      expect([seed, named.toSorted()]).toEqual([seed, [...Object.keys(unknown), ...wrong].toSorted()]);
    }
  });

  test("what is left out, or undefined, is not wrong", () => {
    expect(wrongBuildOptions(undefined)).toEqual([]);
    expect(
      wrongBuildOptions(Object.fromEntries(Object.keys(KINDS).map((name) => [name, undefined]))),
    ).toEqual([]);
  });

  test.for([null, true, 1, "cargo", [], ["cargo"], () => "cargo", Symbol("cargo"), 1n])(
    "that are no object are said to be none: %o",
    (given) => {
      expect(wrongBuildOptions(given)).toEqual([
        expect.stringMatching(/^Expected `build` to be an object, got /),
      ]);
    },
  );
});
