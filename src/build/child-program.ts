import { spawn } from "node:child_process";
import type { ChildProcess, ChildProcessByStdio } from "node:child_process";
import { statSync } from "node:fs";
import type { Readable } from "node:stream";

/** A program to start. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command is a line for a shell. */
  readonly isShell: boolean;
}

/** How a program has ended. */
export interface ProgramEnd {
  /** Absent where a signal has ended it, or where it was never there. */
  readonly exitCode?: number | undefined;
  readonly signal?: NodeJS.Signals | undefined;
  /** Why it could not be started. */
  readonly startError?: NodeJS.ErrnoException | undefined;
}

/** A program that runs, with all that it has started. */
export interface RunningProgram {
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<ProgramEnd>;
  /** End all of it: asked first, then without asking. */
  stop(): void;
}

/** What a program prints, as it comes. */
export interface ProgramOutput {
  readonly onStdout: (text: string) => void;
  readonly onStderr: (text: string) => void;
}

/** How long a program may take to end when it is asked to. */
const STOP_MS = 1_000;
/**
 * All that a program has printed is read before its end is told. A process that it has sent away for good may have its output still:
 * that is waited for as long as something comes, and so long.
 */
const OUTPUT_MS = 2_000;

/**
 * Ends a group of processes when whoever has started it is gone, however that came: it waits for a line, and gets the end of the
 * input in its place then.
 */
const GUARD = 'read -r line || kill -s KILL -- "-$1" 2>/dev/null';

const isWindows = process.platform === "win32";

/**
 * Start a program in a process group of its own. Compilers start others, and those go on where only the first is ended: the
 * group is always ended as a whole, also when this process ends without being asked.
 */
export function startProgram(program: Program, { onStdout, onStderr }: ProgramOutput): RunningProgram {
  const child = spawned(program);
  // What no system can start, such as an argument with a zero in it, is as good as what one has not started.
  if (child instanceof Error) return { ended: Promise.resolve({ startError: child }), stop: () => undefined };
  child.stdout.setEncoding("utf8").on("data", onStdout);
  child.stderr.setEncoding("utf8").on("data", onStderr);
  const dismiss = guard(child);
  let isStopping = false;
  return {
    ended: untilEnded(child, program).finally(dismiss),
    stop() {
      if (isStopping) return;
      isStopping = true;
      endGroup(child, "SIGTERM");
      const timer = setTimeout(() => endGroup(child, "SIGKILL"), STOP_MS);
      child.once("exit", () => clearTimeout(timer));
    },
  };
}

function spawned({
  command,
  args,
  cwd,
  env,
  isShell,
}: Program): ChildProcessByStdio<null, Readable, Readable> | Error {
  try {
    return spawn(command, args, {
      cwd,
      env,
      shell: isShell,
      detached: !isWindows,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function untilEnded(child: ChildProcess, { cwd }: Program): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let end: ProgramEnd = {};
    child.once("error", (startError) => {
      if (child.pid === undefined) resolve({ startError: isFolder(cwd) ? startError : noFolder(cwd) });
    });
    child.once("exit", (exitCode, signal) => {
      end = exitCode === null ? { signal: signal ?? undefined } : { exitCode };
      // What it has left running belongs to nobody.
      endGroup(child, "SIGKILL");
      const giveUp = setTimeout(() => resolve(end), OUTPUT_MS).unref();
      for (const output of [child.stdout, child.stderr]) output?.on("data", () => giveUp.refresh());
    });
    child.once("close", () => resolve(end));
  });
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Systems say of a folder that is missing what they say of a program that is. */
function noFolder(cwd: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`there is no folder ${cwd}. Make it, or correct build.cwd`), {
    code: "ENOTDIR",
  });
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (isWindows) spawn("taskkill", ["/T", "/F", "/PID", String(child.pid)], { stdio: "ignore" });
    else process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** Returns what lets the guard go, once the program has ended. */
function guard(child: ChildProcess): () => void {
  if (isWindows || child.pid === undefined) return () => undefined;
  const guarding = spawn("/bin/sh", ["-c", GUARD, "orbit-guard", String(child.pid)], {
    // Whoever ends the group of the terminal must not end it first.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guarding.on("error", () => undefined);
  guarding.stdin.on("error", () => undefined);
  guarding.unref();
  return () => guarding.stdin.end("\n");
}
