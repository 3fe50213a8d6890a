import { describe, expect, test } from "vitest";
import type { BuildOptions } from "../../../src/index.ts";
import { createProject } from "../../cli/project.ts";
import { clang, wasmRust } from "../../support/wasm-compilers.ts";
import { BuiltSite, says } from "./built-site.ts";
import { COUNTER, counted, installAsc, PAGE } from "./counter-site.ts";
import { C_COUNTER, RUST_LIBRARY, RUST_PROGRAM } from "./counter-sources.ts";

/** A compiler, and a project in which it builds the counter. */
interface Compiler {
  readonly name: string;
  readonly isThere: boolean;
  readonly build: BuildOptions;
  readonly files: Readonly<Record<string, string>>;
  readonly source: string;
  /** How the source says that it is the first, and the second. */
  readonly label: readonly [first: string, second: string];
  /** How the source says what it shows, and how it does with a mistake. */
  readonly mistake: readonly [right: string, wrong: string];
  /** Where the mistake is. */
  readonly place: RegExp;
}

const RUST = {
  isThere: wasmRust !== undefined,
  label: ["label() -> i32 { 1 }", "label() -> i32 { 2 }"],
  mistake: ["{ COUNT.load(Relaxed) }", "{ COUTN.load(Relaxed) }"],
} as const;

const COMPILERS: readonly Compiler[] = [
  {
    name: "C by clang",
    isThere: clang !== undefined,
    build: {
      command: clang ?? "clang",
      args: ["--target=wasm32", "-nostdlib", "-Wl,--no-entry", "-o", "public/app.wasm", "app.c"],
      watch: ["app.c"],
      diagnostics: "gcc",
    },
    files: { "app.c": C_COUNTER, "public/index.html": PAGE },
    source: "app.c",
    label: ["label)(void) { return 1", "label)(void) { return 2"],
    mistake: ["return count;", "return coutn;"],
    place: /app\.c:9:\d+/,
  },
  {
    name: "AssemblyScript by asc",
    isThere: true,
    build: {
      command: "asc",
      args: ["assembly/index.ts", "--outFile", "public/app.wasm", "--runtime", "stub"],
      watch: ["assembly"],
      diagnostics: "asc",
    },
    files: { "assembly/index.ts": COUNTER, "public/index.html": PAGE },
    source: "assembly/index.ts",
    label: ["label(): i32 { return 1", "label(): i32 { return 2"],
    mistake: ["return count;", "return coutn;"],
    place: /assembly\/index\.ts:6:\d+/,
  },
  {
    ...RUST,
    name: "Rust by cargo, which runs what hands it on",
    build: { run: true, output: "site", env: wasmRust },
    files: RUST_PROGRAM,
    source: "src/main.rs",
    place: /src\/main\.rs:11:\d+/,
  },
  {
    ...RUST,
    name: "Rust by a script that calls cargo",
    build: {
      command: "node build.js",
      watch: ["src", "web"],
      output: "site",
      diagnostics: "rustc",
      env: wasmRust,
    },
    files: RUST_LIBRARY,
    source: "src/lib.rs",
    place: /src\/lib\.rs:11:\d+/,
  },
];

async function start({ files, build }: Compiler): Promise<BuiltSite> {
  const project = createProject({ ...files, "orbiton.config.json": JSON.stringify({ build }) });
  installAsc(project);
  return BuiltSite.serve(project);
}

describe.for(COMPILERS)("WebAssembly of $name", (compiler) => {
  const { isThere, source, label, mistake, place } = compiler;

  test.skipIf(!isThere)("goes on with its count, and what was typed stays, without a reload", async () => {
    const site = await start(compiler);
    const tab = await counted(site);
    site.project.edit(source, ...label);
    await says(tab.page, "2: 3");
    await tab.page.click("button");
    await says(tab.page, "2: 4");
    expect(await tab.isStillMarked()).toBe(true);
    expect(await tab.page.inputValue("#name")).toBe("typed");
    expect(tab.thrown).toEqual([]);
  });

  test.skipIf(!isThere)(
    "that does not compile is an error over the page with its place, and the old one runs on",
    async () => {
      const site = await start(compiler);
      const tab = await counted(site);
      site.project.edit(source, ...mistake);
      expect(await tab.text(/coutn/i)).toMatch(place);
      await tab.page.keyboard.press("Escape");
      await tab.page.click("button");
      await says(tab.page, "1: 4");
      const [right, wrong] = mistake;
      site.project.edit(source, wrong, right);
      site.project.edit(source, ...label);
      await says(tab.page, "2: 4");
      await tab.isGone();
      expect(await tab.isStillMarked()).toBe(true);
    },
  );
});
