import { expect, test } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";

const dev = {
  dir: ".",
  port: undefined,
  host: undefined,
  open: false,
  strictPort: false,
  poll: false,
  json: false,
  isStateClean: false,
  isVerbose: false,
};

test.each([
  ["dev", dev],
  ["dev apps/shop", { ...dev, dir: "apps/shop" }],
  ["dev --port 3000 --open", { ...dev, port: 3000, open: true }],
  ["dev --port=0 --strictPort", { ...dev, port: 0, strictPort: true }],
  ["dev --verbose --no-state", { ...dev, isVerbose: true, isStateClean: true }],
  ["--json dev --poll", { ...dev, json: true, poll: true }],
  ["dev --host", { ...dev, host: true }],
  ["dev --host --open", { ...dev, host: true, open: true }],
  ["dev --host shop", { ...dev, host: true, dir: "shop" }],
  ["dev --host 0.0.0.0 shop", { ...dev, host: "0.0.0.0", dir: "shop" }],
  ["dev --host ::1", { ...dev, host: "::1" }],
  ["dev --host=box.local", { ...dev, host: "box.local" }],
  ["dev -- --odd-folder", { ...dev, dir: "--odd-folder" }],
])("`orbiton %s` serves", (line, expected) => {
  expect(readArguments(line.split(" "))).toStrictEqual({ kind: "dev", dev: expected });
});

test.each([
  ["", { kind: "help", topic: "orbiton" }],
  ["--help", { kind: "help", topic: "orbiton" }],
  ["-h", { kind: "help", topic: "orbiton" }],
  ["help", { kind: "help", topic: "orbiton" }],
  ["help dev", { kind: "help", topic: "dev" }],
  ["dev --help", { kind: "help", topic: "dev" }],
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
])("`orbiton %s` is refused, and told why", (line, message) => {
  expect(readArguments(line.split(" "))).toStrictEqual({ kind: "misuse", message });
});
