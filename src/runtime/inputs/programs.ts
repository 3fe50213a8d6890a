import { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import workers from "node:worker_threads";
import type { RuntimeHost } from "../host.ts";
import { patchClass, patchMethod } from "../ownership/patch.ts";
import type { Callable } from "../ownership/patch.ts";
import { filePathOf } from "./file-path.ts";
import { noteFor } from "./file-reads.ts";
import { unrecorded } from "./recording.ts";

/**
 * See which programs modules run: a worker, a child process. Who has opened one has read its files, as it were, and opens
 * it anew when they change. Returns the undo.
 */
export function recordPrograms(hosts: ReadonlySet<RuntimeHost>): () => void {
  const note = (callee: Callable, program: string | undefined): void => {
    const noteRead = program === undefined ? undefined : noteFor(callee);
    if (program === undefined || noteRead === undefined) return;
    unrecorded(() => {
      const files = new Set([...hosts].flatMap((host) => host.filesOfProgram(program)));
      for (const file of files) noteRead({ asks: "content", path: file });
    });
  };
  const undo = [
    patchClass(workers, "Worker", (_worker, own, [program, options]) => {
      const isText = typeof options === "object" && options !== null && Reflect.get(options, "eval") === true;
      note(own, isText ? undefined : filePathOf(program));
    }),
    patchMethod(ChildProcess.prototype, "spawn", (child, args, original, own) => {
      note(own, programOf(args[0]));
      return Reflect.apply(original, child, args);
    }),
  ];
  return () => undo.forEach((step) => step());
}

/** The file that a command runs: its first argument that is one, as of `node --flag server.js`, or the command itself. */
function programOf(options: unknown): string | undefined {
  const { file, args, cwd }: Readonly<Record<string, unknown>> = Object(options);
  const folder = filePathOf(cwd) ?? process.cwd();
  const given: readonly unknown[] = Array.isArray(args) ? args : [];
  const named = given.find((argument, index) => {
    if (index === 0 || typeof argument !== "string" || argument.startsWith("-")) return false;
    return !TAKES_A_FILE.has(given[index - 1]) && existsSync(path.resolve(folder, argument));
  });
  const program = named ?? file;
  const isPath = typeof program === "string" && (named !== undefined || program.includes(path.sep));
  return isPath ? path.resolve(folder, program) : undefined;
}

/** Flags of Node that are followed by the name of something that is loaded before the program. */
const TAKES_A_FILE: ReadonlySet<unknown> = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
]);
