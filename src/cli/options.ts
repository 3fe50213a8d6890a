import { TOOLCHAIN } from "../settings/server-options.ts";
import { nearestName } from "../settings/nearest-name.ts";

/** What an option takes, and why a value is not one for it. */
interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly problemWith: (value: string | undefined, name: string) => string | undefined;
}

export type OptionName =
  | "port"
  | "host"
  | "open"
  | "strictPort"
  | "poll"
  | "command"
  | "beta"
  | "toolchain"
  | "release"
  | "keep-serving"
  | "json"
  | "no-state"
  | "verbose"
  | "inspect"
  | "dot"
  | "dir"
  | "since"
  | "timeout"
  | "tabs"
  | "help"
  | "version";

const flag: OptionSpec = {
  type: "boolean",
  problemWith: (value, name) =>
    value === undefined ? undefined : `Expected --${name} to stand alone, got --${name}=${value}.`,
};

/** Every option of every command. */
export const options: Readonly<Record<OptionName, OptionSpec>> = {
  port: { type: "string", problemWith: wholeNumber(0, 65_535) },
  // An address is optional, which parseArgs cannot say: `--host 0.0.0.0` is joined before it looks.
  host: {
    type: "boolean",
    problemWith: (value) => (value === "" ? "Expected --host to be an address, got nothing." : undefined),
  },
  open: flag,
  strictPort: flag,
  poll: flag,
  command: { type: "string", problemWith: filled("a command") },
  beta: flag,
  toolchain: {
    type: "string",
    problemWith: (value, name) =>
      value !== undefined && TOOLCHAIN.test(value)
        ? undefined
        : `Expected --${name} to be the name of a toolchain, such as nightly, got ${quoted(value)}.`,
  },
  release: flag,
  "keep-serving": flag,
  json: flag,
  "no-state": flag,
  verbose: flag,
  // A port is optional here as well, and always follows a "=", as for Node itself.
  inspect: {
    type: "boolean",
    problemWith: (value, name) => (value === undefined ? undefined : wholeNumber(0, 65_535)(value, name)),
  },
  dot: flag,
  dir: { type: "string", problemWith: filled("a folder") },
  since: { type: "string", problemWith: gitRef },
  tabs: flag,
  timeout: { type: "string", problemWith: wholeNumber(1, 86_400_000) },
  help: { ...flag, short: "h" },
  version: { ...flag, short: "v" },
};

/** What was given, by name; `true` where nothing came with it. */
export type Given = ReadonlyMap<OptionName, string | true>;

/** An option as it stands in the command line. */
export interface TypedOption {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

/**
 * Check what was typed against what a command takes.
 * @returns The options, or a sentence for the user.
 */
export function readOptions(
  typed: readonly TypedOption[],
  known: readonly OptionName[],
  helpLine: string,
): Given | string {
  const given = new Map<OptionName, string | true>();
  for (const { name, rawName, value } of typed) {
    const option = known.find((candidate) => candidate === name);
    if (option === undefined) return unknownOption(rawName, known, helpLine);
    const problem = options[option].problemWith(value, name);
    if (problem !== undefined) return problem;
    given.set(option, value ?? true);
  }
  return given;
}

function unknownOption(rawName: string, known: readonly string[], helpLine: string): string {
  const nearest = nearestName(rawName, known);
  const advice = nearest === undefined ? `See ${helpLine}.` : `Did you mean --${nearest}?`;
  return `Unknown option ${rawName}. ${advice}`;
}

function wholeNumber(least: number, most: number): OptionSpec["problemWith"] {
  return (value, name) => {
    if (value !== undefined && /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most)
      return undefined;
    return `Expected --${name} to be a whole number from ${least} to ${most}, got ${quoted(value)}.`;
  };
}

function filled(what: string): OptionSpec["problemWith"] {
  return (value, name) => (value ? undefined : `Expected --${name} to be ${what}, got ${quoted(value)}.`);
}

/** What begins with a dash would be an option to git. */
function gitRef(value: string | undefined): string | undefined {
  if (value && !value.startsWith("-")) return undefined;
  return `Expected --since to be a commit, branch or tag, got ${quoted(value)}.`;
}

function quoted(value: string | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
