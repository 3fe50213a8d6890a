import { expect, test } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";
import { type CommandName, commands } from "../../src/cli/commands.ts";
import { helpTexts } from "../../src/cli/help.ts";

const dev = {
  dir: ".",
  port: undefined,
  host: undefined,
  open: false,
  strictPort: false,
  poll: false,
  json: false,
  build: { command: undefined, toolchain: undefined, release: false, keepServing: false },
  isStateClean: false,
  isVerbose: false,
  inspectPort: undefined,
};

test.each([
  ["dev", dev],
  ["dev apps/shop", { ...dev, dir: "apps/shop" }],
  ["dev --port 3000 --open", { ...dev, port: 3000, open: true }],
  ["dev --port=0 --strictPort", { ...dev, port: 0, strictPort: true }],
  ["dev --inspect shop", { ...dev, dir: "shop", inspectPort: 9229 }],
  ["dev --inspect=0", { ...dev, inspectPort: 0 }],
  ["dev --verbose --no-state", { ...dev, isVerbose: true, isStateClean: true }],
  ["--json dev --poll", { ...dev, json: true, poll: true }],
  ["dev --host", { ...dev, host: true }],
  ["dev --host --open", { ...dev, host: true, open: true }],
  ["dev --host shop", { ...dev, host: true, dir: "shop" }],
  ["dev --host 0.0.0.0 shop", { ...dev, host: "0.0.0.0", dir: "shop" }],
  ["dev --host ::1", { ...dev, host: "::1" }],
  ["dev --host=box.local", { ...dev, host: "box.local" }],
  ["dev --dir shop", { ...dev, dir: "shop" }],
  ["dev --beta", { ...dev, build: { ...dev.build, toolchain: "beta" } }],
  ["dev --beta --toolchain beta", { ...dev, build: { ...dev.build, toolchain: "beta" } }],
  [
    "dev --toolchain nightly-2026-01-01",
    { ...dev, build: { ...dev.build, toolchain: "nightly-2026-01-01" } },
  ],
  ["dev --release --keep-serving", { ...dev, build: { ...dev.build, release: true, keepServing: true } }],
  ["dev --command make", { ...dev, build: { ...dev.build, command: "make" } }],
  ["dev -- --odd-folder", { ...dev, dir: "--odd-folder" }],
])("`orbiton %s` serves", (line, expected) => {
  expect(readArguments(line.split(" "))).toStrictEqual({ kind: "dev", dev: expected });
});

const asked = { dir: ".", json: false };

test.each([
  ["affected a.ts", { kind: "affected", ...asked, changed: { by: "files", files: ["a.ts"] } }],
  [
    "affected a.ts b.ts --json --dir apps/shop",
    { kind: "affected", dir: "apps/shop", json: true, changed: { by: "files", files: ["a.ts", "b.ts"] } },
  ],
  ["affected -- --odd.ts", { kind: "affected", ...asked, changed: { by: "files", files: ["--odd.ts"] } }],
  ["affected --since main", { kind: "affected", ...asked, changed: { by: "git", since: "main" } }],
  ["--since=HEAD~1 affected", { kind: "affected", ...asked, changed: { by: "git", since: "HEAD~1" } }],
  ["graph", { kind: "graph", ...asked, isDot: false }],
  ["graph --json", { kind: "graph", dir: ".", json: true, isDot: false }],
  ["graph --dot --dir=shop", { kind: "graph", dir: "shop", json: false, isDot: true }],
  ["explain lib/a.ts", { kind: "explain", ...asked, file: "lib/a.ts" }],
  ["settle", { kind: "settle", ...asked, timeoutMs: 30_000, tabs: false }],
  ["settle --timeout 500 --json", { kind: "settle", dir: ".", json: true, timeoutMs: 500, tabs: false }],
  ["settle --tabs", { kind: "settle", ...asked, timeoutMs: 30_000, tabs: true }],
  ["status --dir shop", { kind: "status", dir: "shop", json: false }],
])("`orbiton %s` asks", (line, expected) => {
  expect(readArguments(line.split(" "))).toStrictEqual(expected);
});

test.each([
  ["", { kind: "help", topic: "orbiton" }],
  ["--help", { kind: "help", topic: "orbiton" }],
  ["-h", { kind: "help", topic: "orbiton" }],
  ["help", { kind: "help", topic: "orbiton" }],
  ["help dev", { kind: "help", topic: "dev" }],
  ["dev --help", { kind: "help", topic: "dev" }],
  ["help settle", { kind: "help", topic: "settle" }],
  ["affected -h", { kind: "help", topic: "affected" }],
  ["--version", { kind: "version" }],
  ["dev -v", { kind: "version" }],
])("`orbiton %s` explains", (line, expected) => {
  expect(readArguments(line.split(" ").filter(Boolean))).toStrictEqual(expected);
});

test.each([
  ["serve", "Unknown command serve. See orbiton --help."],
  ["dve", "Unknown command dve. Did you mean orbiton dev?"],
  ["./shop", "Unknown command ./shop. Did you mean orbiton dev ./shop?"],
  ["dev --strict-port", "Unknown option --strict-port. Did you mean --strictPort?"],
  ["dev --prot 3", "Unknown option --prot. Did you mean --port?"],
  ["dev -p 3", "Unknown option -p. Did you mean --port?"],
  ["dev --frobnicate", "Unknown option --frobnicate. See orbiton dev --help."],
  ["dev --port", "Expected --port to be a whole number from 0 to 65535, got nothing."],
  ["dev --port 80a", 'Expected --port to be a whole number from 0 to 65535, got "80a".'],
  ["dev --port 65536", 'Expected --port to be a whole number from 0 to 65535, got "65536".'],
  ["dev --port=-1", 'Expected --port to be a whole number from 0 to 65535, got "-1".'],
  ["dev --open=yes", "Expected --open to stand alone, got --open=yes."],
  ["dev --host=", "Expected --host to be an address, got nothing."],
  ["dev a b", "Expected one folder, got 2: a, b."],
  ["stauts", "Unknown command stauts. Did you mean orbiton status?"],
  ["help stauts", "Unknown command stauts. Did you mean orbiton status?"],
  ["--port 3", "Unknown option --port. See orbiton --help."],
  ["status --port 3", "Unknown option --port. See orbiton status --help."],
  ["settle --time-out 3", "Unknown option --time-out. Did you mean --timeout?"],
  ["affected a.ts --sinse main", "Unknown option --sinse. Did you mean --since?"],
  ["settle --timeout 0", 'Expected --timeout to be a whole number from 1 to 86400000, got "0".'],
  ["status --dir", "Expected --dir to be a folder, got nothing."],
  ["status --dir=", 'Expected --dir to be a folder, got "".'],
  ["status shop", "Unexpected shop. Did you mean --dir shop?"],
  ["graph --json --dot", "Expected --json or --dot, got both."],
  ["affected", "Expected the files that changed, or --since with a commit."],
  ["affected a.ts --since main", "Expected files or --since, got both."],
  ["affected --since", "Expected --since to be a commit, branch or tag, got nothing."],
  ["affected --since --json", 'Expected --since to be a commit, branch or tag, got "--json".'],
  ["affected --since=--output=x", 'Expected --since to be a commit, branch or tag, got "--output=x".'],
  ["explain", "Expected the file to explain."],
  ["explain a.ts b.ts", "Expected one file, got 2: a.ts, b.ts."],
])("`orbiton %s` is refused, and told why", (line, message) => {
  expect(readArguments(line.split(" "))).toStrictEqual({ kind: "misuse", message });
});

test("every command has a help with its usage, examples and exit codes", () => {
  for (const command of Object.keys(commands)) {
    const { [command as CommandName]: text } = helpTexts;
    expect(text).toMatch(new RegExp(`^orbiton ${command} - .+\n\nUsage\n  orbiton ${command} `));
    expect(text).toMatch(/\nExamples\n/);
    expect(text).toMatch(/\nExit codes\n/);
    for (const option of commands[command as CommandName].options) expect(text).toContain(`--${option}`);
    expect(helpTexts.orbiton).toContain(`orbiton ${command}`);
  }
});
