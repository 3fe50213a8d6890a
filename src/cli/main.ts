import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import type { OrbitErrorCode } from "../protocol/orbit-error.ts";
import type { Question } from "./answer.ts";
import { readArguments } from "./arguments.ts";
import type { DevArguments } from "./commands.ts";
import { type DevEnding, runDev } from "./dev.ts";
import { failureOf } from "./failure.ts";
import { helpTexts } from "./help.ts";
import { installIfWanted, offerFor } from "./install-toolchain.ts";
import { createJsonTerminal, createTerminal, type Terminal } from "./terminal.ts";

const exitCodes = { done: 0, failed: 1, misuse: 2, incomplete: 3, blocked: 4 } as const;
/** Failures that another command line would not have had. */
const misuseCodes: ReadonlySet<OrbitErrorCode | undefined> = new Set([
  "NOT_FOUND",
  "NO_ROUTES",
  "NO_TOOLCHAIN",
  "INVALID_OPTION",
]);

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  const command = readArguments(argv);
  if (command.kind === "dev") return dev(command.dev);
  if (command.kind !== "help" && command.kind !== "version" && command.kind !== "misuse") return ask(command);
  const terminal = terminalFor({ dir: ".", json: false, isVerbose: false });
  if (command.kind === "misuse") {
    terminal.misuse(command.message);
    return exitCodes.misuse;
  }
  terminal.print(command.kind === "help" ? helpTexts[command.topic] : `orbit-hmr ${packageVersion()}\n`);
  return exitCodes.done;
}

async function ask(question: Question): Promise<number> {
  const terminal = terminalFor({ dir: question.dir, json: false, isVerbose: false });
  process.stdout.on("error", () => undefined); // `orbiton graph | head`
  try {
    // Loaded late: the process that supervises a server has no use for the graph.
    const { answer } = await import("./answer.ts");
    return exitCodes[await answer(question, terminal)];
  } catch (error) {
    const failure = failureOf(error);
    terminal.failed(failure);
    return misuseCodes.has(failure.code) ? exitCodes.misuse : exitCodes.failed;
  }
}

async function dev(args: DevArguments): Promise<number> {
  const terminal = terminalFor(args);
  const keys = hasKeys(args) ? process.stdin : undefined;
  const ending = await runDev({ dev: args, version: packageVersion(), terminal, keys, out: process.stdout });
  if (ending.kind !== "failed") return exitCodeOf(ending);
  terminal.failed(ending.failure);
  const offer = offerFor(ending.failure, args.build.toolchain);
  const isMended = keys && offer && (await installIfWanted(offer, { keys, terminal }));
  return isMended === true ? dev(args) : exitCodeOf(ending);
}

function exitCodeOf(ending: DevEnding): number {
  if (ending.kind === "quit") return exitCodes.done;
  // What a shell expects of a program that a signal ended.
  if (ending.kind === "signal") return 128 + constants.signals[ending.signal];
  return misuseCodes.has(ending.failure.code) ? exitCodes.misuse : exitCodes.failed;
}

function terminalFor({ dir, json, isVerbose }: Pick<DevArguments, "dir" | "json" | "isVerbose">): Terminal {
  const create = json ? createJsonTerminal : createTerminal;
  const root = resolve(dir);
  return create({ out: process.stdout, err: process.stderr, root, hasKeys: hasKeys({ json }), isVerbose });
}

function hasKeys({ json }: Pick<DevArguments, "json">): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && !json;
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "";
}
