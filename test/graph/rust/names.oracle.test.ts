import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { rustDependents, rustGraph } from "../../../src/graph/rust/index.ts";
import type { RustPackage } from "../../../src/graph/rust/index.ts";
import { hasCargo } from "../../support/cargo.ts";
import { randomFrom } from "../../support/random.ts";
import { temporaryFolder, writeBelow } from "../../support/temporary-folder.ts";
import { generateNames, renamed } from "./generated-names.ts";

const SEEDS = [1, 2, 3];
const RENAMES = 15;
const MANIFEST = `[package]\nname = "names"\nversion = "0.1.0"\nedition = "2021"\n`;
const PACKAGE: RustPackage = {
  name: "names",
  edition: "2021",
  folder: "",
  targets: [
    { kind: "lib", name: "names", file: "src/lib.rs" },
    { kind: "bin", name: "names", file: "src/main.rs" },
  ],
  dependencies: [],
};

test.runIf(hasCargo).each(SEEDS)(
  "who does not compile when something is called otherwise depends on its file: %i",
  (seed) => {
    const { texts, definitions } = generateNames(seed);
    const folder = temporaryFolder([["Cargo.toml", MANIFEST], ...texts]);
    const graph = rustGraph([PACKAGE], texts);
    expect(errorsIn(folder)).toEqual([]);
    const random = randomFrom(seed);
    const left = [...definitions];
    let broken = 0;
    for (let count = 0; count < RENAMES; count++) {
      const [{ file, name } = { file: "", name: "" }] = left.splice(random(left.length), 1);
      const text = texts.get(file) ?? "";
      writeBelow(folder, file, renamed(text, name));
      const others = errorsIn(folder).filter((each) => each !== file);
      writeBelow(folder, file, text);
      const { files, isWidened } = rustDependents(graph, [file]);
      broken += others.length;
      expect
        .soft(
          others.filter((each) => !files.includes(each)),
          `${name} of ${file}`,
        )
        .toEqual([]);
      expect.soft(isWidened).toBe(false);
    }
    expect(broken).toBeGreaterThan(RENAMES / 2);
  },
  120_000,
);

/** The files in which the compiler finds errors, wherever macros have put the code. */
function errorsIn(folder: string): readonly string[] {
  const { stdout } = spawnSync("cargo", ["check", "--offline", "--keep-going", "--message-format=json"], {
    cwd: folder,
    encoding: "utf8",
    // Saves within one second are told apart by nothing else.
    env: { ...process.env, CARGO_INCREMENTAL: "0" },
  });
  const messages = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map(readMessage);
  const errors = messages.filter(({ message }) => message?.level === "error");
  return [
    ...new Set(errors.flatMap(({ message }) => (message?.spans ?? []).flatMap(filesOfSpan))),
  ].toSorted();
}

interface Span {
  readonly file_name: string;
  readonly is_primary?: boolean;
  readonly expansion?: { readonly span: Span } | null;
}

interface Message {
  readonly message?: { readonly level: string; readonly spans: readonly Span[] };
}

function readMessage(line: string): Message {
  return JSON.parse(line) as Message;
}

function filesOfSpan({ file_name: file, is_primary: isPrimary = true, expansion }: Span): readonly string[] {
  const around = expansion ? filesOfSpan({ ...expansion.span, is_primary: true }) : [];
  return isPrimary && !path.isAbsolute(file) ? [file, ...around] : [];
}
