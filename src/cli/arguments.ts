import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { type Action, type CommandName, commands } from "./commands.ts";
import { nearestName } from "../settings/nearest-name.ts";
import { options, readOptions, type TypedOption } from "./options.ts";

/** What the user wants from the program. */
export type Command =
  | { readonly kind: "help"; readonly topic: "orbiton" | CommandName }
  | { readonly kind: "version" }
  | Action
  /** The arguments make no sense; `message` says why, for the user. */
  | { readonly kind: "misuse"; readonly message: string };

/** Reads `process.argv` without its first two entries. */
export function readArguments(argv: readonly string[]): Command {
  const { positionals, tokens } = parseArgs({
    args: joinHost(argv),
    options,
    allowPositionals: true,
    strict: false, // its own messages name no alternative
    tokens: true,
  });
  const typed = tokens.flatMap((token) => (token.kind === "option" ? [token] : []));
  const [command, ...operands] = positionals;
  const result = readCommand(command, operands, typed);
  return typeof result === "string" ? { kind: "misuse", message: result } : result;
}

/** The command, or a sentence for the user. */
function readCommand(
  command: string | undefined,
  operands: readonly string[],
  typed: readonly TypedOption[],
): Command | string {
  const isHelp = command === undefined || command === "help";
  if (!isHelp && !isCommandName(command)) return unknownCommand(command);
  const known = isHelp ? [] : commands[command].options;
  const helpLine = isHelp ? "orbiton --help" : `orbiton ${command} --help`;
  const given = readOptions(typed, [...known, "help", "version"], helpLine);
  if (typeof given === "string") return given;
  if (given.has("version")) return { kind: "version" };
  if (isHelp) return readHelp(operands);
  return given.has("help") ? { kind: "help", topic: command } : commands[command].read(operands, given);
}

function readHelp([topic]: readonly string[]): Command | string {
  if (topic === undefined) return { kind: "help", topic: "orbiton" };
  return isCommandName(topic) ? { kind: "help", topic } : unknownCommand(topic);
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

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

function unknownCommand(command: string): string {
  if (/[./\\]/.test(command)) return `Unknown command ${command}. Did you mean orbiton dev ${command}?`;
  const nearest = nearestName(command, [...Object.keys(commands), "help"]);
  const advice = nearest === undefined ? "See orbiton --help." : `Did you mean orbiton ${nearest}?`;
  return `Unknown command ${command}. ${advice}`;
}
