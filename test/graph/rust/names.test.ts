import { describe, expect, test } from "vitest";
import { rustDependents, rustGraph } from "../../../src/graph/rust/index.ts";
import type { RustGraph } from "../../../src/graph/rust/index.ts";
import { edgesOf, graphOf, packageIn } from "./rust-project.ts";
import type { Texts } from "./rust-project.ts";

type Case = readonly [law: string, texts: Texts, expected: readonly string[]];

const F = "pub fn f() {} pub struct S;";

const names: readonly Case[] = [
  [
    "a path of the crate",
    { "src/lib.rs": "mod x; mod y;", "src/x.rs": "fn g() { crate::y::f() }", "src/y.rs": F },
    ["x.rs use y.rs"],
  ],
  [
    "a path from the module above",
    { "src/lib.rs": "mod x; mod y;", "src/x.rs": "type A = super::y::S;", "src/y.rs": F },
    ["x.rs use y.rs"],
  ],
  [
    "a path from the module itself",
    { "src/lib.rs": "mod x; fn g() { self::x::f() }", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "a path that begins with a module",
    { "src/lib.rs": "mod x; fn g() { x::f::<u8>() }", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "a path in what a macro is given",
    { "src/lib.rs": `mod x; fn g() { println!("{}", x::f()) }`, "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "a path behind the generics of another",
    { "src/lib.rs": "mod x; fn g() { Vec::<x::S>::new(); }", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "a path of an attribute",
    { "src/lib.rs": "mod x; #[derive(x::S)] struct A;", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "groups, which nest",
    {
      "src/lib.rs": "mod x; mod y; use self::{x::{f, S as T}, y::{self, z::{f as h}}};",
      "src/x.rs": F,
      "src/y.rs": "pub mod z;",
      "src/y/z.rs": F,
    },
    ["lib.rs use x.rs", "lib.rs use y/z.rs"],
  ],
  ["globs use all of a module", { "src/lib.rs": "mod x; use x::*;", "src/x.rs": F }, ["lib.rs use x.rs"]],
  [
    "another name leads to the same",
    { "src/lib.rs": "mod x; use x as y; fn g() { y::f() }", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "a trait without a name is used",
    { "src/lib.rs": "mod x; use x::S as _;", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "a name in a function",
    { "src/lib.rs": "mod x; fn g() { use x::f; f() }", "src/x.rs": F },
    ["lib.rs use x.rs"],
  ],
  [
    "raw names",
    { "src/lib.rs": "mod r#type; fn g() { r#type::f() }", "src/type.rs": F },
    ["lib.rs use type.rs"],
  ],
  [
    "a name that is handed on leads to where it is written",
    { "src/lib.rs": "mod x; mod y; fn g() { y::f() }", "src/x.rs": F, "src/y.rs": "pub use crate::x::f;" },
    ["lib.rs use x.rs", "y.rs use x.rs"],
  ],
  [
    "a name that is handed on by a glob, too",
    { "src/lib.rs": "mod x; mod y; use y::S;", "src/x.rs": F, "src/y.rs": "pub use super::x::*;" },
    ["lib.rs use x.rs", "y.rs use x.rs"],
  ],
  [
    "globs that lead to each other",
    {
      "src/lib.rs": "mod x; pub use x::*; fn g() { x::f() }",
      "src/x.rs": "use super::*; mod y; pub use y::*; fn g() { S::new() }",
      "src/x/y.rs": `${F} use super::*;`,
    },
    ["lib.rs use x.rs", "lib.rs use x/y.rs", "x.rs use lib.rs", "x.rs use x/y.rs", "x/y.rs use x.rs"],
  ],
  [
    "what has a name itself does not take it from a glob",
    {
      "src/lib.rs": "mod x; mod y; fn g() { x::f() }",
      "src/x.rs": "pub use crate::y::*; pub fn f() {}",
      "src/y.rs": F,
    },
    ["lib.rs use x.rs", "x.rs use y.rs"],
  ],
  [
    "names by a module that a glob brings in",
    {
      "src/lib.rs": "mod x; use p::*; use x::*; fn g() { q::f() } mod p { pub use super::x::q; }",
      "src/x.rs": "pub mod q;",
      "src/x/q.rs": F,
    },
    ["lib.rs use x.rs", "lib.rs use x/q.rs"],
  ],
  [
    "a part of an item is where the item is",
    {
      "src/lib.rs": "mod x; use x::E::A; use x::E::*; fn g() { x::E::new(); }",
      "src/x.rs": "pub enum E { A }",
    },
    ["lib.rs use x.rs"],
  ],
  [
    "what a macro makes is where its module is",
    { "src/lib.rs": "mod x; fn g() { x::made() }", "src/x.rs": "make! { made }" },
    ["lib.rs use x.rs"],
  ],
  [
    "a macro that is called by its name alone",
    {
      "src/lib.rs": "#[macro_use] mod x; mod y;",
      "src/x.rs": "macro_rules! m { () => {} }",
      "src/y.rs": "fn g() { m!() }",
    },
    ["y.rs use x.rs"],
  ],
  [
    "what a macro names is used by its file",
    {
      "src/lib.rs": "mod x; mod y;",
      "src/x.rs": "macro_rules! m { () => { $crate::y::f() } }",
      "src/y.rs": F,
    },
    ["x.rs use y.rs"],
  ],
  [
    "what declares a module and names nothing of it does not use it",
    { "src/lib.rs": "pub mod x;", "src/x.rs": F },
    [],
  ],
  [
    "who may see an item is no use",
    { "src/lib.rs": "mod x;", "src/x.rs": "pub(in crate::x) fn g() {} pub(super) fn h() {}" },
    [],
  ],
  [
    "names from elsewhere lead nowhere",
    { "src/lib.rs": "mod x; use std::x::f; fn g() { ::x::f(); Self::x(); }", "src/x.rs": F },
    [],
  ],
  [
    "comments and strings name nothing",
    { "src/lib.rs": `mod x; // x::f()\nconst A: &str = "x::f()";`, "src/x.rs": F },
    [],
  ],
];

describe("what names mean", () => {
  test.each(names)("%s", (_law, texts, expected) => {
    expect(edgesOf(graphOf(texts), "use")).toEqual(expected);
  });

  test("in 2015 a use begins at the root, and any other path where it stands", () => {
    const texts = {
      "src/lib.rs": "mod x; mod y;",
      "src/x.rs": "use y::f; mod y; fn g() { y::S::new(); ::y::f(); }",
      "src/x/y.rs": F,
      "src/y.rs": F,
    };
    expect(edgesOf(graphOf(texts, "2015"), "use")).toEqual(["x.rs use x/y.rs", "x.rs use y.rs"]);
    expect(edgesOf(graphOf(texts, "2021"), "use")).toEqual(["x.rs use x/y.rs"]);
  });

  test("a name that is handed on goes through the file that does it", () => {
    const texts = {
      "src/lib.rs": "mod x; mod y; fn g() { y::f() }",
      "src/x.rs": F,
      "src/y.rs": "pub use crate::x::f;",
    };
    expect(edgesOf(graphOf(texts), "through")).toEqual(["lib.rs through y.rs"]);
  });
});

const impls: readonly Case[] = [
  [
    "of a type of another file",
    { "src/lib.rs": "mod x; struct T;", "src/x.rs": "impl super::T { pub fn m(&self) {} }" },
    ["lib.rs impl x.rs"],
  ],
  [
    "of a trait for a type of another file",
    {
      "src/lib.rs": "mod x; mod t; struct T<A>(A);",
      "src/t.rs": "pub trait Tr {}",
      "src/x.rs": "use super::{T, t::Tr}; impl<A: Fn() -> u8> Tr for T<A> {}",
    },
    ["lib.rs impl x.rs"],
  ],
  [
    "of a trait for a type from elsewhere",
    {
      "src/lib.rs": "mod x; mod t;",
      "src/t.rs": "pub trait Tr {}",
      "src/x.rs": "use crate::t::Tr; impl Tr for Vec<u8> {}",
    },
    ["t.rs impl x.rs"],
  ],
  [
    "not for a type of its own",
    {
      "src/lib.rs": "mod x; mod t;",
      "src/t.rs": "pub trait Tr {}",
      "src/x.rs": "struct T; impl crate::t::Tr for T {}",
    },
    [],
  ],
  [
    "not where it is a type",
    { "src/lib.rs": "mod t; fn f(x: impl t::Tr) -> impl t::Tr { x }", "src/t.rs": "pub trait Tr {}" },
    [],
  ],
];

test.each(impls)("what is implemented %s", (_law, texts, expected) => {
  expect(edgesOf(graphOf(texts), "impl")).toEqual(expected);
});

/** A program in `app` that uses a library in `lib`, by the name `tools`. */
function workspace(): RustGraph {
  const texts = {
    "app/src/main.rs": "mod page; fn main() { tools::shapes::area(); page::show() }",
    "app/src/page.rs": "use tools::{Colour, say}; pub fn show() { say!(); ::tools::late::made(); }",
    "lib/src/lib.rs":
      "mod colours; pub mod shapes; pub mod late; mod says; pub use colours::Colour; pub use crate as me;",
    "lib/src/colours.rs": "pub enum Colour { Red }",
    "lib/src/shapes.rs": "pub fn area() {}",
    "lib/src/late.rs": "make!(made);",
    "lib/src/says.rs": "#[macro_export] macro_rules! say { () => {} }",
    "lib/src/main.rs": "fn main() { lib::shapes::area(); crate::nothing::here(); }",
    "lib/tests/all.rs": "extern crate lib as l; use l::Colour;",
  };
  const app = packageIn(texts, "app", { dependencies: [{ name: "tools", folder: "lib" }] });
  return rustGraph([app, packageIn(texts, "lib")], new Map(Object.entries(texts)));
}

describe("a workspace", () => {
  test("names of other packages lead to where they are written", () => {
    expect(edgesOf(workspace(), "use")).toEqual([
      "app/src/main.rs use app/src/page.rs",
      "app/src/main.rs use lib/src/shapes.rs",
      "app/src/page.rs use lib/src/colours.rs",
      "app/src/page.rs use lib/src/late.rs",
      "app/src/page.rs use lib/src/says.rs",
      "lib/src/lib.rs use lib/src/colours.rs",
      "lib/src/main.rs use lib/src/shapes.rs",
      "lib/tests/all.rs use lib/src/colours.rs",
    ]);
  });

  test("who uses what is handed on does not depend on what else is", () => {
    expect(rustDependents(workspace(), ["lib/src/colours.rs"]).files).toEqual([
      "app/src/page.rs",
      "lib/src/lib.rs",
      "lib/tests/all.rs",
      "app/src/main.rs",
    ]);
    expect(rustDependents(workspace(), ["lib/src/says.rs"]).files).toEqual([
      "app/src/page.rs",
      "app/src/main.rs",
    ]);
  });
});

describe("who depends on a file", () => {
  const texts = {
    "src/main.rs": "mod a; mod b; mod c; mod d; fn main() { a::f() }",
    "src/a.rs": "use crate::b::g; pub fn f() { g() }",
    "src/b.rs": "pub fn g() {}",
    "src/c.rs": "pub fn h() { super::b::g() }",
    "src/d.rs": 'pub const D: &str = include_str!("d.html");',
  };

  test("who uses it, and who uses those, the nearest first", () => {
    const { files, isWidened, reasons } = rustDependents(graphOf(texts), ["a/src/b.rs"]);
    expect(files).toEqual(["a/src/a.rs", "a/src/c.rs", "a/src/main.rs"]);
    expect([isWidened, reasons]).toEqual([false, []]);
  });

  test("not who declares it only", () => {
    expect(rustDependents(graphOf(texts), ["a/src/c.rs"]).files).toEqual([]);
  });

  test("who includes it", () => {
    expect(rustDependents(graphOf(texts), ["a/src/d.html"]).files).toEqual(["a/src/d.rs"]);
  });

  test("of several, each once, and none of them", () => {
    expect(rustDependents(graphOf(texts), ["a/src/b.rs", "a/src/a.rs"]).files).toEqual([
      "a/src/c.rs",
      "a/src/main.rs",
    ]);
  });

  test("also where it is gone", () => {
    const { "src/b.rs": _gone, ...rest } = texts;
    const graph = graphOf(rest);
    expect(rustDependents(graph, ["a/src/b.rs"]).files).toEqual([
      "a/src/a.rs",
      "a/src/c.rs",
      "a/src/main.rs",
    ]);
    expect(graph.files).not.toContain("a/src/b.rs");
  });

  test("who cannot be read may depend on anything of its crate, and says so", () => {
    const unread = { ...texts, "src/c.rs": `pub fn h() {} include!(concat!(env!("OUT_DIR"), "/x.rs"));` };
    const { files, isWidened, reasons } = rustDependents(graphOf(unread), ["a/src/d.rs"]);
    expect([files, isWidened]).toEqual([["a/src/c.rs"], true]);
    expect(reasons.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      "1:15 a/src/c.rs:1:15 includes code that its build script writes: " +
        "a change of any file of its crate, or of those that it depends on, counts as one that reaches it.",
    ]);
  });

  test("and on files that nobody names", () => {
    const unread = { ...texts, "src/c.rs": `const C: &str = include_str!(concat!(NAME, "x"));` };
    expect(rustDependents(graphOf(unread), ["a/src/x.html"])).toMatchObject({
      files: ["a/src/c.rs"],
      isWidened: true,
    });
    expect(rustDependents(graphOf(texts), ["a/src/x.html"])).toMatchObject({ files: [], isWidened: false });
  });
});
