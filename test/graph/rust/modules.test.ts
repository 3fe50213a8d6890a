import { describe, expect, test } from "vitest";
import { scanRust } from "../../../src/graph/rust/index.ts";
import { edgesOf, graphOf } from "./rust-project.ts";
import type { Texts } from "./rust-project.ts";

type Case = readonly [law: string, texts: Texts, expected: readonly string[]];

const places: readonly Case[] = [
  ["a module is beside the root", { "src/main.rs": "mod x;", "src/x.rs": "" }, ["main.rs mod x.rs"]],
  ["or in a folder of its own", { "src/lib.rs": "mod x;", "src/x/mod.rs": "" }, ["lib.rs mod x/mod.rs"]],
  [
    "modules of a module are in its folder, however its file is named",
    {
      "src/lib.rs": "mod x; mod y;",
      "src/x.rs": "mod z;",
      "src/x/z.rs": "",
      "src/y/mod.rs": "mod z;",
      "src/y/z.rs": "",
    },
    ["lib.rs mod x.rs", "lib.rs mod y/mod.rs", "x.rs mod x/z.rs", "y/mod.rs mod y/z.rs"],
  ],
  [
    "a module that is written inside of another file has a folder",
    {
      "src/lib.rs": "mod x; mod a { mod b { mod c; } }",
      "src/a/b/c.rs": "",
      "src/x.rs": "mod a { mod b; }",
      "src/x/a/b.rs": "",
    },
    ["lib.rs mod a/b/c.rs", "lib.rs mod x.rs", "x.rs mod x/a/b.rs"],
  ],
  [
    "a path is seen from the folder of the file",
    {
      "src/lib.rs": `mod x; #[path = "../other/y.rs"] pub(crate) mod y;`,
      "other/y.rs": "",
      "src/x.rs": `#[path = "z.rs"] mod z;`,
      "src/z.rs": "",
    },
    ["lib.rs mod other/y.rs", "lib.rs mod x.rs", "x.rs mod z.rs"],
  ],
  [
    "inside of a module that is written there, from the folder of that",
    {
      "src/lib.rs": `mod x; mod a { #[path = "b.rs"] mod y; }`,
      "src/a/b.rs": "",
      "src/x.rs": `mod a { #[path = "b.rs"] mod y; }`,
      "src/x/a/b.rs": "",
    },
    ["lib.rs mod a/b.rs", "lib.rs mod x.rs", "x.rs mod x/a/b.rs"],
  ],
  [
    "what a path names has its folder for itself",
    { "src/lib.rs": `#[path = "other.rs"] mod x;`, "src/other.rs": "mod y;", "src/y.rs": "" },
    ["lib.rs mod other.rs", "other.rs mod y.rs"],
  ],
  [
    "a path of a module that is written there is its folder",
    {
      "src/lib.rs": `#[path = "p"] mod a { mod y; } mod x;`,
      "src/p/y.rs": "",
      "src/x.rs": `#[path = "q"] mod a { mod y; }`,
      "src/q/y.rs": "",
    },
    ["lib.rs mod p/y.rs", "lib.rs mod x.rs", "x.rs mod q/y.rs"],
  ],
  [
    "under conditions there are all that are there",
    {
      "src/lib.rs": `#[cfg_attr(unix, path = "unix.rs")] #[cfg_attr(windows, path = "windows.rs")] mod os; #[cfg(x)] mod gone;`,
      "src/unix.rs": "",
      "src/windows.rs": "",
    },
    ["lib.rs mod unix.rs", "lib.rs mod windows.rs"],
  ],
  ["a name may be raw", { "src/lib.rs": "mod r#type;", "src/type.rs": "" }, ["lib.rs mod type.rs"]],
  [
    "what a macro is given is read as well",
    { "src/lib.rs": "cfg_if! { if #[cfg(unix)] { mod x; } else { mod gone; } }", "src/x.rs": "" },
    ["lib.rs mod x.rs"],
  ],
  [
    "what is included declares beside itself",
    { "src/lib.rs": `include!("parts/all.rs");`, "src/parts/all.rs": "mod x;", "src/parts/x.rs": "" },
    ["parts/all.rs mod parts/x.rs"],
  ],
  [
    "comments, strings, characters and lifetimes declare nothing",
    {
      "src/lib.rs": `/* mod a; /* mod b; */ mod c; */ // mod d;
const A: &str = "mod e; \\" mod f;"; const B: &str = r##"mod g; "# mod h;"##; const C: &[u8] = br#"" mod i;"#;
fn f<'a>(x: &'a str) -> char { let y = '"'; let z = '\\''; let w = b'"'; '\\u{22}' } const D: &core::ffi::CStr = c"mod j;"; mod k;`,
      "src/k.rs": "",
    },
    ["lib.rs mod k.rs"],
  ],
];

describe("where modules are", () => {
  test.each(places)("%s", (_law, texts, expected) => {
    const graph = graphOf(texts);
    expect(edgesOf(graph, "mod")).toEqual(expected);
    expect(graph.missing).toEqual([]);
  });

  test("a module without a file is missing, with its place", () => {
    const { missing } = graphOf({ "src/lib.rs": "// one\n  mod gone;" });
    expect(missing).toEqual([
      {
        file: "a/src/lib.rs",
        line: 2,
        column: 3,
        message: "a/src/lib.rs:2:3 declares the module gone, for which there is no file.",
      },
    ]);
  });

  test("modules that hold each other come to an end", () => {
    const texts = {
      "src/lib.rs": `#[path = "x.rs"] mod a; #[path = "x.rs"] mod b;`,
      "src/x.rs": `#[path = "lib.rs"] mod c; #[path = "x.rs"] mod d; #[path = "x.rs"] mod e;`,
    };
    expect(edgesOf(graphOf(texts), "mod")).toContain("x.rs mod lib.rs");
  });

  test("a file may be of several crates", () => {
    const texts = {
      "src/lib.rs": "mod x;",
      "src/main.rs": "mod x;",
      "src/x.rs": "use crate::y;",
      "tests/t.rs": "mod common;",
      "tests/common/mod.rs": "",
    };
    expect(edgesOf(graphOf(texts), "mod")).toEqual([
      "lib.rs mod x.rs",
      "main.rs mod x.rs",
      "tests/t.rs mod tests/common/mod.rs",
    ]);
  });
});

const includes: readonly Case[] = [
  ["text", { "src/lib.rs": `const A: &str = include_str!("a.html");` }, ["lib.rs include a.html"]],
  [
    "bytes, by a path of a macro",
    { "src/lib.rs": `const A: &[u8] = core::include_bytes!(r"../a.png",);` },
    ["lib.rs include a.png"],
  ],
  [
    "what documentation holds",
    { "src/lib.rs": `#![doc = include_str!("../README.md")]` },
    ["lib.rs include README.md"],
  ],
  [
    "by several texts",
    { "src/lib.rs": `const A: &str = include_str!(concat!("a", "/", "b"));` },
    ["lib.rs include a/b"],
  ],
  [
    "from the folder of the package",
    { "src/lib.rs": `const A: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/a.txt"));` },
    ["lib.rs include assets/a.txt"],
  ],
  [
    "code, which sees what is around it",
    { "src/lib.rs": `include!("x.in");`, "src/x.in": "" },
    ["lib.rs include x.in", "x.in include lib.rs"],
  ],
  [
    "what a build script makes",
    { "src/lib.rs": `const A: &str = include_str!(concat!(env!("OUT_DIR"), "/a"));`, "build.rs": "" },
    ["lib.rs include build.rs"],
  ],
];

describe("what is included", () => {
  test.each(includes)("%s", (_law, texts, expected) => {
    expect(edgesOf(graphOf(texts), "include")).toEqual(expected);
  });
});

const unread: readonly (readonly [law: string, text: string, expected: readonly string[]])[] = [
  [
    "a name that a macro makes",
    `x!(); include!(concat!("a", stringify!(b)));`,
    ["1:7 includes a file by a name that only the compiler knows"],
  ],
  [
    "code of a build script",
    `include!(concat!(env!("OUT_DIR"), "/a.rs"));`,
    ["1:1 includes code that its build script writes"],
  ],
  [
    "modules of a macro",
    "macro_rules! m { ($($x:ident),*) => { $(mod $x;)* } }",
    ["1:41 declares modules in a macro"],
  ],
  [
    "names of a macro",
    "macro_rules! m {\n ($x:path) => { use $x; } }",
    ["2:17 uses names that a macro is given"],
  ],
  ["a string without an end", `fn a() {}\n"`, ["2:1 begins a string or a comment that does not end"]],
  ["a comment without an end", "/* /* */", ["1:1 begins a string or a comment that does not end"]],
  ["nothing else", "macro_rules! m { ($x:ident) => { $crate::y::z!($x); use $crate::w; mod q; } }", []],
];

test.each(unread)("what cannot be read: %s", (_law, text, expected) => {
  expect(scanRust(text).unread.map(({ line, column, what }) => `${line}:${column} ${what}`)).toEqual(
    expected,
  );
});
