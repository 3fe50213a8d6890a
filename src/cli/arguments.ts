import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { nearestName } from "./nearest-name.ts";

/** What `orbiton dev` was asked for. */
export interface DevArguments {
  /** The project's folder, as it was typed. */
  readonly dir: string;
  readonly port: number | undefined;
  /** `true` binds to every address. */
  readonly host: string | true | undefined;
  readonly open: boolean;
  readonly strictPort: boolean;
  readonly poll: boolean;
  readonly json: boolean;
  /** Begin without what earlier runs have kept. */
  readonly isStateClean: boolean;
  /** Say all that reloads kept, reset and closed. */
  readonly isVerbose: boolean;
}

/** What the user wants from the program. */
export type Command =
  | { readonly kind: "help"; readonly topic: "orbiton" | "dev" }
  | { readonly kind: "version" }
  | { readonly kind: "dev"; readonly dev: DevArguments }
  /** The arguments make no sense; `message` says why, for the user. */
  | { readonly kind: "misuse"; readonly message: string };

const commands = ["dev", "help"] as const;

const options = {
  port: { type: "string" },
  // An address is optional, which parseArgs cannot say: `--host 0.0.0.0` is joined before it looks.
  host: { type: "boolean" },
  open: { type: "boolean" },
  strictPort: { type: "boolean" },
  poll: { type: "boolean" },
  json: { type: "boolean" },
  "no-state": { type: "boolean" },
  verbose: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type OptionName = keyof typeof options;
type Given = ReadonlyMap<OptionName, string | true>;

/** Reads `process.argv` without its first two entries. */
export function readArguments(argv: readonly string[]): Command {
  const { positionals, tokens } = parseArgs({
    args: joinHost(argv),
    options,
    allowPositionals: true,
    strict: false, // its own messages name no alternative
    tokens: true,
  });
  const given = new Map<OptionName, string | true>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!isOptionName(name)) return misuse(unknownOption(rawName));
    const problem = problemWithValue(name, value);
    if (problem !== undefined) return misuse(problem);
    given.set(name, value ?? true);
  }
  return readCommand(positionals, given);
}

function readCommand([command, ...operands]: readonly string[], given: Given): Command {
  if (given.has("version")) return { kind: "version" };
  if (command === undefined) return { kind: "help", topic: "orbiton" };
  if (command === "help") return { kind: "help", topic: operands[0] === "dev" ? "dev" : "orbiton" };
  if (command !== "dev") return misuse(unknownCommand(command));
  if (given.has("help")) return { kind: "help", topic: "dev" };
  if (operands.length > 1)
    return misuse(`Expected one folder, got ${operands.length}: ${operands.join(", ")}.`);
  return { kind: "dev", dev: readDevArguments(operands[0] ?? ".", given) };
}

function readDevArguments(dir: string, given: Given): DevArguments {
  const port = given.get("port");
  return {
    dir,
    port: port === undefined ? undefined : Number(port),
    host: given.get("host"),
    open: given.has("open"),
    strictPort: given.has("strictPort"),
    poll: given.has("poll"),
    json: given.has("json"),
    isStateClean: given.has("no-state"),
    isVerbose: given.has("verbose"),
  };
}

/** What may follow `--host` without `=`; anything else is the folder: `orbiton dev --host examples`. */
function joinHost(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    const next = argv[index + 1];
    if (word === "--host" && isAddress(next)) return [`--host=${next}`];
    return argv[index - 1] === "--host" && isAddress(word) ? [] : [word];
  });
}

function isAddress(word: string | undefined): word is string {
  return word !== undefined && (word === "localhost" || isIP(word) !== 0);
}

function problemWithValue(name: OptionName, value: string | undefined): string | undefined {
  if (name === "port") {
    if (value !== undefined && /^\d{1,5}$/.test(value) && Number(value) <= 65_535) return undefined;
    const got = value === undefined ? "nothing" : JSON.stringify(value);
    return `Expected --port to be a whole number from 0 to 65535, got ${got}.`;
  }
  if (name === "host") return value === "" ? "Expected --host to be an address, got nothing." : undefined;
  return value === undefined ? undefined : `Expected --${name} to stand alone, got --${name}=${value}.`;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

function unknownOption(rawName: string): string {
  const nearest = nearestName(rawName, Object.keys(options));
  const advice = nearest === undefined ? "See orbiton dev --help." : `Did you mean --${nearest}?`;
  return `Unknown option ${rawName}. ${advice}`;
}

function unknownCommand(command: string): string {
  if (/[./\\]/.test(command)) return `Unknown command ${command}. Did you mean orbiton dev ${command}?`;
  const nearest = nearestName(command, commands);
  const advice = nearest === undefined ? "See orbiton --help." : `Did you mean orbiton ${nearest}?`;
  return `Unknown command ${command}. ${advice}`;
}

function misuse(message: string): Command {
  return { kind: "misuse", message };
}
