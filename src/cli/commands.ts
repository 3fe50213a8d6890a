import type { BuildWishes } from "../protocol/server-messages.ts";
import type { Given, OptionName } from "./options.ts";

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
  /** How the project is to be built in this run. */
  readonly build: BuildWishes;
  /** Begin without what earlier runs have kept. */
  readonly isStateClean: boolean;
  /** Say all that reloads kept, reset and closed. */
  readonly isVerbose: boolean;
  /** The port for debuggers; 0 for any free one. */
  readonly inspectPort: number | undefined;
}

/** What every command that asks something is given. */
export interface ProjectQuery {
  /** The project's folder, as it was typed. */
  readonly dir: string;
  /** Print one JSON document, and nothing else. */
  readonly json: boolean;
}

/** A command that can be carried out. */
export type Action =
  | { readonly kind: "dev"; readonly dev: DevArguments }
  | (ProjectQuery & { readonly kind: "affected"; readonly changed: Changed })
  | (ProjectQuery & { readonly kind: "graph"; readonly isDot: boolean })
  | (ProjectQuery & { readonly kind: "explain"; readonly file: string })
  | (ProjectQuery & { readonly kind: "routes" })
  | (ProjectQuery & {
      readonly kind: "settle";
      readonly timeoutMs: number;
      /** Open pages are waited for as well. */
      readonly tabs: boolean;
    })
  | (ProjectQuery & { readonly kind: "status" });

/** What `orbiton affected` is to take for changed. */
export type Changed =
  | { readonly by: "files"; readonly files: readonly string[] }
  /** Everything that differs from a commit, uncommitted and untracked files included. */
  | { readonly by: "git"; readonly since: string };

export type CommandName = Action["kind"];

/** One line of the table of commands. */
interface CommandSpec {
  readonly options: readonly OptionName[];
  /** The command, or a sentence for the user. */
  readonly read: (operands: readonly string[], given: Given) => Action | string;
}

const ASKING = ["json", "dir"] as const;
const SERVING = ["port", "host", "open", "strictPort", "poll"] as const;
const BUILDING = ["command", "beta", "toolchain", "release", "keep-serving"] as const;
/** Where debuggers look when nobody tells them. */
const INSPECT_PORT = 9229;
const SETTLE_TIMEOUT_MS = 30_000;

/** Every command: which options it takes, and what its operands mean. Its help stands in `help.ts`. */
export const commands: Readonly<Record<CommandName, CommandSpec>> = {
  dev: {
    options: [...SERVING, ...BUILDING, "json", "no-state", "verbose", "inspect", "dir"],
    read(operands, given) {
      const dir = textOf(given, "dir");
      const folders = dir === undefined ? operands : [...operands, dir];
      if (folders.length > 1) return tooMany("folder", folders);
      const toolchain = textOf(given, "toolchain");
      if (given.has("beta") && toolchain !== undefined && toolchain !== "beta")
        return `Expected --beta or --toolchain ${toolchain}, got both.`;
      return { kind: "dev", dev: readDevArguments(folders[0] ?? ".", given) };
    },
  },
  affected: {
    options: [...ASKING, "since"],
    read(files, given) {
      const since = textOf(given, "since");
      if (since !== undefined && files.length > 0) return "Expected files or --since, got both.";
      if (since !== undefined) return { kind: "affected", ...asked(given), changed: { by: "git", since } };
      if (files.length === 0) return "Expected the files that changed, or --since with a commit.";
      return { kind: "affected", ...asked(given), changed: { by: "files", files } };
    },
  },
  graph: {
    options: [...ASKING, "dot"],
    read(operands, given) {
      if (operands.length > 0) return unexpected(operands);
      if (given.has("dot") && given.has("json")) return "Expected --json or --dot, got both.";
      return { kind: "graph", ...asked(given), isDot: given.has("dot") };
    },
  },
  explain: {
    options: ASKING,
    read([file, ...others], given) {
      if (file === undefined) return "Expected the file to explain.";
      if (others.length > 0) return tooMany("file", [file, ...others]);
      return { kind: "explain", ...asked(given), file };
    },
  },
  routes: {
    options: ASKING,
    read(operands, given) {
      return operands.length > 0 ? unexpected(operands) : { kind: "routes", ...asked(given) };
    },
  },
  settle: {
    options: [...ASKING, "timeout", "tabs"],
    read(operands, given) {
      if (operands.length > 0) return unexpected(operands);
      const timeoutMs = Number(textOf(given, "timeout") ?? SETTLE_TIMEOUT_MS);
      return { kind: "settle", ...asked(given), timeoutMs, tabs: given.get("tabs") === true };
    },
  },
  status: {
    options: ASKING,
    read(operands, given) {
      return operands.length > 0 ? unexpected(operands) : { kind: "status", ...asked(given) };
    },
  },
};

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
    build: {
      command: textOf(given, "command"),
      toolchain: given.has("beta") ? "beta" : textOf(given, "toolchain"),
      release: given.has("release"),
      keepServing: given.has("keep-serving"),
    },
    isStateClean: given.has("no-state"),
    isVerbose: given.has("verbose"),
    inspectPort: given.has("inspect") ? Number(textOf(given, "inspect") ?? INSPECT_PORT) : undefined,
  };
}

function asked(given: Given): ProjectQuery {
  return { dir: textOf(given, "dir") ?? ".", json: given.has("json") };
}

function textOf(given: Given, name: OptionName): string | undefined {
  const value = given.get(name);
  return value === true ? undefined : value;
}

function tooMany(noun: string, operands: readonly string[]): string {
  return `Expected one ${noun}, got ${operands.length}: ${operands.join(", ")}.`;
}

/** `orbiton dev shop` takes a folder, so that is what people try. */
function unexpected([operand = ""]: readonly string[]): string {
  return `Unexpected ${operand}. Did you mean --dir ${operand}?`;
}
