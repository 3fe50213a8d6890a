import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "es-module-lexer";
import { expect, test } from "vitest";
import { orbitonFile } from "./orbiton.ts";
import { packageRoot } from "./project.ts";

// Its memory and its start are paid for by everybody who runs `orbiton dev`: the server has a process of its own.
test("the process that supervises a server loads words and messages, and nothing of engine, graph or Vite", () => {
  const folders = new Set<string>();
  const packages = new Set<string>();
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const source of bundledInto(file)) folders.add(source);
    for (const each of parse(readFileSync(file, "utf8"))[0]) {
      if (each.type !== "static" && each.type !== "reexport-star") continue;
      const { specifier } = each;
      if (specifier.startsWith(".")) load(path.resolve(path.dirname(file), specifier));
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  };
  load(orbitonFile);
  load(path.join(path.dirname(orbitonFile), "main.js"));
  expect([...folders].toSorted()).toEqual(["cli", "protocol", "report", "settings"]);
  expect([...packages]).toEqual([]);
});

/** The folders of the modules that a published file was made of. */
function bundledInto(file: string): readonly string[] {
  const build = path.join(packageRoot, "build");
  const all: unknown = JSON.parse(readFileSync(path.join(build, "bundled.json"), "utf8"));
  const modules = (all as Readonly<Record<string, readonly string[]>>)[
    path.relative(path.join(packageRoot, "dist"), file).split(path.sep).join("/")
  ];
  return (modules ?? []).map((module) => path.relative(build, module).split(path.sep)[0] ?? "");
}
