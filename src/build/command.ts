import path from "node:path";
import type { BuildResult, BuildTool, RunningBuild } from "./build-tool.ts";
import { startProgram } from "./child-program.ts";
import type { Program, ProgramEnd } from "./child-program.ts";
import { readDiagnostics } from "./diagnostics.ts";
import type { DiagnosticsFormat } from "./diagnostics.ts";
import { OutputTail } from "./output-tail.ts";

/** A command that builds. */
export interface BuildCommand {
  /** The program, or, without arguments of its own, a line for a shell. */
  readonly command: string;
  /** Absent for a line that a shell is to read. */
  readonly args?: readonly string[] | undefined;
  /** Where it runs. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly diagnostics?: DiagnosticsFormat | undefined;
}

/** How much of what a build prints is kept, in characters. */
const OUTPUT_LENGTH = 64 * 1024;

/**
 * A build by any command.
 *
 * @param root what files are shown relative to
 */
export function commandTool(build: BuildCommand, root: string): BuildTool {
  const name = [build.command, ...(build.args ?? [])].join(" ");
  return { name, start: () => startCommand(build, { name, root }) };
}

function startCommand(
  build: BuildCommand,
  { name, root }: { readonly name: string; readonly root: string },
): RunningBuild {
  const output = new OutputTail(OUTPUT_LENGTH);
  const add = (text: string): void => output.add(text);
  const { command, cwd } = build;
  // Programs of the project's packages are found as in its scripts.
  const env = { ...build.env, [PATH]: [...binFolders(cwd), build.env[PATH] ?? ""].join(path.delimiter) };
  const program: Program = { command, args: build.args ?? [], cwd, env, isShell: build.args === undefined };
  const running = startProgram(program, { onStdout: add, onStderr: add });
  const ended = running.ended.then((end): BuildResult => {
    const problem = problemIn(end, command);
    const { diagnostics: format } = build;
    const diagnostics = readDiagnostics(output.text, { format, folder: cwd, root });
    return {
      isOk: problem === undefined,
      diagnostics,
      problem: problem && `${name} ${problem}`,
      output: output.text,
    };
  });
  return { ended, stop: () => running.stop() };
}

/** What has gone wrong, as the end of a sentence that begins with the command. */
function problemIn({ exitCode, signal, startError }: ProgramEnd, command: string): string | undefined {
  if (startError?.code === "ENOENT") return `could not be started: there is no program ${command}.`;
  if (startError !== undefined) return `could not be started: ${startError.message}.`;
  if (signal !== undefined) return `was ended by ${signal}.`;
  if (exitCode === 127) return "failed with exit code 127: the shell knows no such command.";
  return exitCode === 0 ? undefined : `failed with exit code ${exitCode}.`;
}

const PATH = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";

function binFolders(folder: string): readonly string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    folders.push(path.join(at, "node_modules", ".bin"));
    if (at === path.dirname(at)) return folders;
  }
}
