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

const MODULES = 12;
const USES = 3;

/** Write them by chance; the same seed gives the same. */
export function generateNames(seed: number): GeneratedNames {
  const random = randomFrom(seed);
  const made: Made[] = [];
  const bodies = new Map<string, string[]>([["src/lib.rs", []]]);
  const add = (file: string, line: string): void => void (bodies.get(file) ?? []).push(line);

  for (let number = 0; number < MODULES; number++) {
    // Mostly below an earlier one, so that some are deep.
    const parent = made[random(made.length + 2)];
    const name = `m${number}`;
    const folder = parent === undefined ? "src" : parent.file.replace(/(?:\/mod)?\.rs$/, "");
    const file = `${folder}/${name}${random(2) === 0 ? ".rs" : "/mod.rs"}`;
    add(parent?.file ?? "src/lib.rs", `pub mod ${name};`);
    bodies.set(file, [definitionsOf(number)]);
    made.push({ file, path: parent === undefined ? name : `${parent.path}::${name}`, number });
  }
  const hub = made[random(made.length)] ?? never();
  for (const each of made.slice(0, 4))
    add(hub.file, `pub use crate::${each.path}::f${each.number} as h${each.number};`);
  const globbed = made[random(made.length)] ?? never();
  add(globbed.file, `mod inner { pub use crate::${hub.path}::*; } pub use inner::*;`);

  const user = (from: Made | undefined, crate: string): string[] =>
    Array.from({ length: USES }, (_, at) => {
      const used = made[random(made.length)] ?? never();
      const handed = random(4);
      const place = {
        crate,
        globbed: globbed.path,
        hub: hub.path,
        used,
        handed,
        id: `${from?.number ?? "main"}_${at}`,
      };
      return useOf(random(USE_COUNT), place);
    });
  for (const each of made) for (const line of user(each, "crate")) add(each.file, line);
  for (const each of made.filter(() => random(3) === 0)) {
    const owner = made[random(made.length)] ?? never();
    add(
      each.file,
      `impl crate::${owner.path}::S${owner.number} { pub fn e${each.number}_${owner.number}(&self) {} }`,
    );
    const caller = made[random(made.length)] ?? never();
    add(
      caller.file,
      `pub fn x${each.number}() { crate::${owner.path}::make${owner.number}().e${each.number}_${owner.number}(); }`,
    );
  }
  bodies.set("src/main.rs", [...user(undefined, "names"), "fn main() {}"]);

  const texts = new Map(Array.from(bodies, ([file, lines]) => [file, `${lines.join("\n")}\n`]));
  for (const root of ["src/lib.rs", "src/main.rs"])
    texts.set(root, `#![allow(warnings)]\n${texts.get(root) ?? ""}`);
  return { texts, definitions: definitionsIn(texts) };
}

function definitionsOf(n: number): string {
  return [
    `pub fn f${n}() {}`,
    `#[derive(Clone)] pub struct S${n}; impl S${n} { pub fn m${n}(&self) {} }`,
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
  ({ crate, used, id }) => `pub fn u${id}() { ${crate}::${used.path}::f${used.number}() }`,
  ({ crate, used, id }) =>
    `mod u${id} { use ${crate}::${used.path}::f${used.number}; fn u() { f${used.number}() } }`,
  ({ crate, used, id }) =>
    `mod u${id} { use ${crate}::${used.path} as other; fn u() { other::make${used.number}().m${used.number}() } }`,
  ({ crate, used, id }) => `mod u${id} { use ${crate}::${used.path}::*; fn u() { f${used.number}() } }`,
  ({ crate, used, id }) =>
    `mod u${id} { use ${crate}::{${used.path}::{self, S${used.number} as S}}; fn u(s: S) { s.m${used.number}() } }`,
  ({ crate, used, id }) =>
    `fn u${id}() { use ${crate}::${used.path}::T${used.number}; 1u8.t${used.number}(); }`,
  ({ crate, used, id }) => `fn u${id}() -> u8 { ${crate}::mac${used.number}!() }`,
  ({ crate, used, id }) => `const U${id.toUpperCase()}: u8 = ${crate}::${used.path}::C${used.number} + 1;`,
  ({ crate, hub, handed, id }) => `fn u${id}() { ${crate}::${hub}::h${handed}() }`,
  ({ crate, globbed, handed, id }) =>
    `mod u${id} { use ${crate}::${globbed}::h${handed} as h; fn u() { h() } }`,
  ({ crate, globbed, handed, id }) => `mod u${id} { use ${crate}::${globbed}::*; fn u() { h${handed}() } }`,
  ({ crate, used, id }) =>
    `mod u${id} { use ${crate}::${used.path}::E${used.number}::*; fn u() -> ${crate}::${used.path}::E${used.number} { A${used.number} } }`,
  ({ crate, used, id }) => `fn u${id}() { println!("{}", ${crate}::${used.path}::C${used.number}); }`,
];
const USE_COUNT = USE_FORMS.length;

function useOf(form: number, place: UsePlace): string {
  return (USE_FORMS[form] ?? never())(place);
}

/** Whatever somebody else could name. */
function definitionsIn(texts: ReadonlyMap<string, string>): GeneratedNames["definitions"] {
  return Array.from(texts).flatMap(([file, text]) =>
    Array.from(text.matchAll(DEFINITION), ([, name = ""]) => ({ file, name })),
  );
}

/** At the beginning of a line or of an implementation; what uses have made themselves is used by nobody. */
const DEFINITION =
  /\b(?:fn|struct|trait|const|enum|macro_rules!) ((?:f|m|make|e|t|S|T|C|E|mac|callee)\d+(?:_\d+)?)\b/g;

/** A text in which something is called otherwise, where it is defined. */
export function renamed(text: string, name: string): string {
  return text.replace(new RegExp(`(\\b(?:fn|struct|trait|const|enum|macro_rules!) )${name}\\b`), "$1renamed");
}

function never(): never {
  throw new Error("a list of the generator is empty");
}
