import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { rustGraph } from "../../../src/graph/rust/index.ts";
import { hasCargo } from "../../support/cargo.ts";
import { temporaryFolder, writeBelow } from "../../support/temporary-folder.ts";
import { generateCrate } from "./generated-modules.ts";
import type { GeneratedCrate } from "./generated-modules.ts";

const CRATES = 40;

test.runIf(hasCargo)(
  "the files of a crate are those that the compiler reads, and those under other conditions",
  () => {
    const crates = Array.from({ length: CRATES }, (_, seed) => generateCrate(seed));
    const folder = workspaceOf(crates);
    const built = spawnSync("cargo", ["build", "--offline", "--quiet"], { cwd: folder, encoding: "utf8" });
    expect(built.stderr.match(/^error.*(?:\n.*){0,8}/m)?.[0]).toBeUndefined();
    expect(crates.reduce((sum, { texts }) => sum + texts.size, 0)).toBeGreaterThan(CRATES * 5);
    for (const crate of crates) {
      const { files, missing } = graphOfCrate(crate, path.join(folder, crate.name));
      const read = filesReadFor(crate, folder);
      expect
        .soft(
          files.filter((file) => !crate.off.has(file)),
          `crate ${crate.name}`,
        )
        .toEqual(read);
      expect.soft(missing).toEqual([]);
    }
  },
  120_000,
);

function workspaceOf(crates: readonly GeneratedCrate[]): string {
  const members = crates.map(({ name }) => JSON.stringify(name)).join(", ");
  const folder = temporaryFolder([["Cargo.toml", `[workspace]\nresolver = "2"\nmembers = [${members}]\n`]]);
  for (const { name, edition, texts } of crates) {
    const manifest = `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "${edition}"\n`;
    writeBelow(folder, `${name}/Cargo.toml`, manifest);
    for (const [file, text] of texts) {
      writeBelow(
        folder,
        `${name}/${file}`,
        `#![allow(warnings)]\n`.repeat(file === "src/lib.rs" ? 1 : 0) + text,
      );
    }
  }
  return folder;
}

function graphOfCrate(
  { name, edition }: GeneratedCrate,
  folder: string,
): { files: readonly string[]; missing: unknown } {
  const targets = [{ kind: "lib", name, file: "src/lib.rs" } as const];
  return rustGraph([{ name, edition, folder: "", targets, dependencies: [] }], (file) => {
    const place = path.join(folder, file);
    return existsSync(place) ? readFileSync(place, "utf8") : undefined;
  });
}

/** What the compiler says that it has read for a crate. */
function filesReadFor({ name }: GeneratedCrate, folder: string): readonly string[] {
  const [line = ""] = readFileSync(path.join(folder, `target/debug/lib${name}.d`), "utf8").split("\n");
  const files = line.slice(line.indexOf(": ") + 2).split(/(?<!\\) /);
  return files.map((file) => path.relative(path.join(folder, name), file)).toSorted();
}
