import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { rustGraph, scanRust } from "../../../src/graph/rust/index.ts";
import { randomFrom } from "../../support/random.ts";
import { generateCrate } from "./generated-modules.ts";
import { generateNames } from "./generated-names.ts";

/** Where reading could go wrong: what opens, closes, escapes, or begins something. */
const PIECES = (
  `mod use crate self super extern impl for macro_rules! include!( include_str!( concat!( env!( "OUT_DIR" #[path = #[cfg_attr( ` +
  `{ } ( ) [ ] < > :: : ; , . * $ $crate $( # #! ! = -> => ' ' 'a' '\\'' " \\ \\" r" r#" "# r###" b" b' br#" c" // /* */ r# r#mod ` +
  `x y _ 0 1.5 0x_ é 𝒳 😀 \u0000 \uFEFF \uD800 as where struct enum fn const union type pub pub(in`
).split(" ");

test("no text is too wild to be read", () => {
  const random = randomFrom(1);
  for (let count = 0; count < 3_000; count++) {
    const length = random(60);
    const text = Array.from(
      { length },
      () => (PIECES[random(PIECES.length)] ?? "") + [" ", "", "\n"][random(3)],
    ).join("");
    expect(problemOf(text)).toBeUndefined();
  }
});

test("no characters are", () => {
  const random = randomFrom(2);
  for (let count = 0; count < 1_000; count++) {
    const text = String.fromCodePoint(
      ...Array.from({ length: random(200) }, () => random(random(2) === 0 ? 128 : 0x1_00_00)),
    );
    expect(problemOf(text)).toBeUndefined();
  }
});

test("a text may end anywhere", () => {
  for (const seed of [1, 2, 3]) {
    const texts = [...generateCrate(seed).texts.values(), ...generateNames(seed).texts.values()];
    for (const text of texts.map((each) => each.slice(0, 2_000))) {
      for (let end = 0; end <= text.length; end++) expect(() => scanRust(text.slice(0, end))).not.toThrow();
    }
  }
});

test("a graph of half a project is one", () => {
  const { texts } = generateNames(4);
  const random = randomFrom(4);
  for (let count = 0; count < 200; count++) {
    const some = new Map(
      Array.from(texts, ([file, text]) => [file, text.slice(0, random(text.length + 1))] as const),
    );
    const targets = [{ kind: "lib", name: "names", file: "src/lib.rs" } as const];
    const packages = [{ name: "names", edition: "2015", folder: "", targets, dependencies: [] }];
    expect(() => rustGraph(packages, some)).not.toThrow();
  }
});

const LONG: readonly (readonly [what: string, piece: string])[] = [
  ["quotes", '"'],
  ["raw strings", 'r#"'],
  ["fences", "#"],
  ["fences of raw strings", 'r##"# '],
  ["raw names", "r#"],
  ["lifetimes", "'a "],
  ["apostrophes", "'"],
  ["escapes", "'\\"],
  ["comments", "/*"],
  ["braces", "{"],
  ["brackets", "(["],
  ["closing brackets", "}])"],
  ["both kinds of brackets", "{(}["],
  ["modules", "mod a{"],
  ["declared modules", "mod a;\n"],
  ["groups", "use a::{"],
  ["groups side by side", "use {a,b};"],
  ["a tree without an end", "use a,"],
  ["paths", "a::b::c "],
  ["one path", "a::"],
  ["implementations", "impl<"],
  ["implementations of nothing", ";impl a"],
  ["macros", "m!("],
  ["included files", "include!("],
  ["joined names", 'include!(concat!("a",'],
  ["attributes", '#[path="a"'],
  ["macros' names", "$a "],
  ["unread places", "mod $a;"],
];

/** Ten times as long, and what a busy machine and the collector of garbage add to that. */
const ALLOWED = 60;

test.each(LONG)("ten times the text does not take a hundred times as long: %s", (_what, piece) => {
  const [short, long] = [piece.repeat(8_000), piece.repeat(80_000)];
  scanRust(short);
  const [before, after] = [timeOf(short), timeOf(long)];
  expect(after).toBeLessThan(Math.max(before, 1) * ALLOWED);
});

/** What is thrown, and for which text. */
function problemOf(text: string): string | undefined {
  try {
    scanRust(text);
    return undefined;
  } catch (error) {
    return `${String(error)} for ${JSON.stringify(text)}`;
  }
}

/** The best of several runs, in milliseconds. */
function timeOf(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const begun = performance.now();
    scanRust(text);
    return performance.now() - begun;
  });
  return Math.min(...times);
}
