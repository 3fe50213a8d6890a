import { randomFrom } from "../../support/random.ts";

/** A library and a program that use each other's names in every way that there is. */
export interface GeneratedNames {
  readonly texts: ReadonlyMap<string, string>;
  /** What can be called otherwise, and the file in which it is defined. */
  readonly definitions: readonly { readonly file: string; readonly name: string }[];
}

/** A module of the library: it defines a function, a type with methods, a trait, a constant and a macro, each with its number. */
interface Made {
  readonly file: string;
  /** From the root of the crate: `a::b`. */
  readonly path: string;
  readonly number: number;
}

const MODULES = 24;
/** The modules that hand names on, and the first of those whose names they hand on. */
const GLOBBED = 6;
const HUB = 8;
const HANDED = 12;
const HANDED_COUNT = 4;

/**
 * Write them by chance; the same seed gives the same. Modules use only those with a greater number: if all used all, everybody would depend
 * on everybody, which is no law.
 */
export function generateNames(seed: number): GeneratedNames {
  const random = randomFrom(seed);
  const bodies = new Map<string, string[]>([["src/lib.rs", []]]);
  const add = (file: string, line: string): void => void (bodies.get(file) ?? []).push(line);
  const made = makeModules(random, bodies);
  const at = (number: number): Made => made[number] ?? never();
  /** One with a greater number. */
  const below = (number: number): Made => at(number + 1 + random(MODULES - number - 1));

  for (let handed = 0; handed < HANDED_COUNT; handed++) {
    const { path, number } = at(HANDED + handed);
    add(at(HUB).file, `pub use crate::${path}::f${number} as h${handed};`);
  }
  add(at(GLOBBED).file, `mod inner { pub use crate::${at(HUB).path}::*; } pub use inner::*;`);

  const useIn = (number: number, crate: string, id: string): string => {
    const forms = number < GLOBBED ? [...USE_FORMS, ...HANDED_FORMS] : USE_FORMS;
    const form = forms[random(forms.length)] ?? never();
    return form({
      crate,
      globbed: at(GLOBBED).path,
      hub: at(HUB).path,
      used: below(number),
      handed: random(HANDED_COUNT),
      id,
    });
  };
  for (const { number, file } of made.slice(0, -1)) {
    if (random(4) > 0) add(file, useIn(number, "crate", String(number)));
    if (random(3) > 0) continue;
    const owner = below(number);
    const method = `e${number}_${owner.number}`;
    add(file, `impl crate::${owner.path}::S${owner.number} { pub fn ${method}(&self) {} }`);
    const caller = at(random(owner.number));
    add(caller.file, `pub fn x${number}() { crate::${owner.path}::make${owner.number}().${method}(); }`);
  }
  bodies.set(
    "src/main.rs",
    [0, 1, 2].map((each) => useIn(-1, "names", `main${each}`)).concat("fn main() {}"),
  );

  const texts = new Map(Array.from(bodies, ([file, lines]) => [file, `${lines.join("\n")}\n`]));
  for (const root of ["src/lib.rs", "src/main.rs"])
    texts.set(root, `#![allow(warnings)]\n${texts.get(root) ?? ""}`);
  return { texts, definitions: definitionsIn(texts) };
}

/** Mostly below an earlier one, so that some are deep. */
function makeModules(random: (below: number) => number, bodies: Map<string, string[]>): readonly Made[] {
  const made: Made[] = [];
  for (let number = 0; number < MODULES; number++) {
    const parent = made[random(made.length + 2)];
    const name = `m${number}`;
    const folder = parent === undefined ? "src" : parent.file.replace(/(?:\/mod)?\.rs$/, "");
    const file = `${folder}/${name}${random(2) === 0 ? ".rs" : "/mod.rs"}`;
    bodies.get(parent?.file ?? "src/lib.rs")?.push(`pub mod ${name};`);
    bodies.set(file, [definitionsOf(number)]);
    made.push({ file, path: parent === undefined ? name : `${parent.path}::${name}`, number });
  }
  return made;
}

function definitionsOf(n: number): string {
  return [
    `pub fn f${n}() {}`,
    `#[derive(Clone)] pub struct S${n}; impl S${n} { pub fn w${n}(&self) {} }`,
    `pub fn make${n}() -> S${n} { S${n} }`,
    `pub trait T${n} { fn t${n}(&self) {} }`,
    `impl T${n} for u8 {} impl T${n} for S${n} {}`,
    `pub const C${n}: u8 = ${n};`,
    `pub enum E${n} { A${n}, B${n} }`,
    `#[macro_export] macro_rules! mac${n} { () => { $crate::callee${n}!() } }`,
    `#[macro_export] macro_rules! callee${n} { () => { 1u8 } }`,
  ].join("\n");
}

interface UsePlace {
  readonly crate: string;
  readonly globbed: string;
  readonly hub: string;
  readonly used: Made;
  readonly handed: number;
  readonly id: string;
}

const USE_FORMS: readonly ((place: UsePlace) => string)[] = [
  ({ crate, used: { path, number }, id }) => `pub fn u${id}() { ${crate}::${path}::f${number}() }`,
  ({ crate, used: { path, number }, id }) =>
    `mod u${id} { use ${crate}::${path}::f${number}; fn u() { f${number}() } }`,
  ({ crate, used: { path, number }, id }) =>
    `mod u${id} { use ${crate}::${path} as o; fn u() { o::make${number}().w${number}() } }`,
  ({ crate, used: { path, number }, id }) =>
    `mod u${id} { use ${crate}::${path}::*; fn u() { f${number}() } }`,
  ({ crate, used: { path, number }, id }) =>
    `mod u${id} { use ${crate}::{${path}::{self, S${number} as S}}; fn u(s: S) { s.w${number}() } }`,
  ({ crate, used: { path, number }, id }) =>
    `fn u${id}() { use ${crate}::${path}::T${number}; 1u8.t${number}(); }`,
  ({ crate, used: { number }, id }) => `fn u${id}() -> u8 { ${crate}::mac${number}!() }`,
  ({ crate, used: { path, number }, id }) => `fn u${id}() -> u8 { ${crate}::${path}::C${number} + 1 }`,
  ({ crate, used: { path, number }, id }) =>
    `mod u${id} { use ${crate}::${path}::E${number}::*; fn u(e: u8) { let _ = A${number}; } }`,
  ({ crate, used: { path, number }, id }) => `fn u${id}() { println!("{}", ${crate}::${path}::C${number}); }`,
];

/** By way of modules that hand names on. */
const HANDED_FORMS: readonly ((place: UsePlace) => string)[] = [
  ({ crate, hub, handed, id }) => `fn u${id}() { ${crate}::${hub}::h${handed}() }`,
  ({ crate, globbed, handed, id }) =>
    `mod u${id} { use ${crate}::${globbed}::h${handed} as h; fn u() { h() } }`,
  ({ crate, globbed, handed, id }) => `mod u${id} { use ${crate}::${globbed}::*; fn u() { h${handed}() } }`,
];

/** Whatever another file names. */
function definitionsIn(texts: ReadonlyMap<string, string>): GeneratedNames["definitions"] {
  const isNamedBeside = (file: string, name: string): boolean =>
    Array.from(texts).some(([other, text]) => other !== file && new RegExp(`\\b${name}\\b`).test(text));
  const all = Array.from(texts).flatMap(([file, text]) =>
    Array.from(text.matchAll(DEFINITION), ([, name = ""]) => ({ file, name })),
  );
  return all.filter(({ file, name }) => isNamedBeside(file, name));
}

const DEFINITION =
  /\b(?:fn|struct|trait|const|enum|macro_rules!) ((?:f|w|make|e|t|S|T|C|E|mac|callee)\d+(?:_\d+)?)\b/g;

/** A text in which something is called otherwise, where it is defined. */
export function renamed(text: string, name: string): string {
  return text.replace(new RegExp(`(\\b(?:fn|struct|trait|const|enum|macro_rules!) )${name}\\b`), "$1renamed");
}

function never(): never {
  throw new Error("a list of the generator is empty");
}
