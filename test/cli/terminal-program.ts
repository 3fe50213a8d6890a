import { spawnSync } from "node:child_process";
import { DevProgram, orbitonFile } from "./orbiton.ts";
import type { Project } from "./project.ts";

// Keys need a terminal; `script` of util-linux gives one to a program.
export const hasTerminal: boolean =
  process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
if (!hasTerminal)
  process.stderr.write("SKIPPED: the tests of keys and restarts need `script` of util-linux.\n");

/** A dev server with a terminal. */
export class TerminalProgram extends DevProgram {
  /** Serve a folder as somebody would who sits at a terminal. */
  static async startInTerminal(project: Project): Promise<TerminalProgram> {
    const program = TerminalProgram.inTerminal(project);
    await program.untilReady(1);
    return program;
  }

  /** The same, where it may not start. */
  static inTerminal({ root }: Project, args = "", env: NodeJS.ProcessEnv = {}): TerminalProgram {
    const command = `'${process.execPath}' '${orbitonFile}' dev '${root}' --port 0 ${args}`;
    return new TerminalProgram(["script", "-qefc", command, "/dev/null"], { env });
  }

  /** Wait until servers have started this many times; the newest one counts. */
  async untilReady(times: number): Promise<void> {
    await this.prints(new RegExp(`(?:h shows the keys[^]*){${times}}`));
    this.url = this.stdout.match(/http:\/\/localhost:\d+\//g)?.at(-1) ?? "";
  }

  async count(): Promise<{ count: number; pid: number }> {
    return (await this.fetchJson("/api/counter", { method: "POST" })) as { count: number; pid: number };
  }
}
