import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { onTestFinished, vi } from "vitest";
import { packageRoot } from "./project.ts";

/** The built program. */
export const orbitonFile: string = join(packageRoot, "dist/cli/orbiton.js");

/** How long something that has to happen may take on a busy machine. */
export const soon = { timeout: 15_000, interval: 25 } as const;

/** What a program printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running program, ended with the test. */
export class Program {
  readonly process: ChildProcess;
  stdout = "";
  stderr = "";
  readonly #closed: Promise<unknown>;

  constructor(command: readonly string[], options: SpawnOptions = {}) {
    const [program = "", ...args] = command;
    const env = {
      ...process.env,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      NODE_ENV: undefined,
      ...options.env,
    };
    this.process = spawn(program, args, { stdio: "pipe", ...options, env });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.process.stdin?.on("error", () => undefined); // it ended before it read
    this.#closed = once(this.process, "close");
    onTestFinished(async () => {
      if (this.isRunning) this.process.kill("SIGTERM");
      // A loop that a test leaves behind listens to nothing else.
      const killing = setTimeout(() => this.process.kill("SIGKILL"), 10_000);
      await this.ended();
      clearTimeout(killing);
    });
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Resolves when it has ended and everything it printed has come. */
  async ended(): Promise<Ended> {
    await this.#closed;
    return { code: this.process.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  /** Resolves with the match as soon as it has printed this. */
  async prints(pattern: RegExp, stream: "stdout" | "stderr" = "stdout"): Promise<RegExpExecArray> {
    return vi.waitFor(() => {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match;
      throw new Error(
        `Expected ${stream} to match ${pattern}, got ${JSON.stringify(this.stdout + this.stderr)}.`,
      );
    }, soon);
  }

  press(key: string): void {
    this.process.stdin?.write(key);
  }
}

/** Run any program to its end. */
export async function run([program = "", ...args]: readonly string[], cwd = packageRoot): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: plainEnvironment(), shell: process.platform === "win32" });
  const [stdout, stderr] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, "close"),
  ]);
  return { code: child.exitCode, stdout, stderr };
}

/** Run the program to its end. */
export async function orbiton(args: readonly string[]): Promise<Ended> {
  return run([process.execPath, orbitonFile, ...args]);
}

/** No colours, and nothing that the test runner says about itself. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, NODE_ENV: undefined };
}

/** A dev server that is ready. */
export class DevProgram extends Program {
  url = "";

  /** Serve a folder on a free port. */
  static async start(root: string, args: readonly string[] = ["--json"]): Promise<DevProgram> {
    const program = new DevProgram([process.execPath, orbitonFile, "dev", root, "--port", "0", ...args]);
    // Another server's address may have been named before.
    const [, url = ""] = await program.prints(/(?:"ready"|ready in )[^]*?(https?:\/\/localhost:\d+\/)/);
    program.url = url;
    return program;
  }

  /** What `--json` has printed so far. */
  get events(): readonly JsonEvent[] {
    return this.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as JsonEvent);
  }

  async fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.url), init);
  }

  async fetchJson(path: string, init?: RequestInit): Promise<unknown> {
    const response = await this.fetch(path, init);
    return response.json();
  }
}

/** One line of `--json`. */
export type JsonEvent = { readonly event: string; readonly [key: string]: unknown };
