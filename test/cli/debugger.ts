import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** Where a program rests. */
export interface Pause {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  readonly evaluate: (expression: string) => Promise<unknown>;
}

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

interface Place {
  readonly scriptId: string;
  /** Counts from 0, like the column. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Paused {
  readonly reason: string;
  readonly callFrames: readonly { readonly callFrameId: string; readonly location: Place }[];
}

/**
 * A debugger as editors have one: breakpoints are set in source files, and bound through the source map of each script
 * as soon as it is parsed, before it runs.
 */
export class Debugger {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #scripts = new Map<string, Script & { readonly map: SourceMap | undefined }>();
  readonly #breakpoints: { readonly file: string; readonly line: number }[] = [];
  readonly #pauses: ((pause: Pause) => void)[] = [];
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => void this.#hear(JSON.parse(data.toString()) as Message));
  }

  /** Attach to what a program has printed: `Debugger listening on ws://…`. */
  static async attach(url: string): Promise<Debugger> {
    const socket = new WebSocket(url);
    await once(socket, "open");
    onTestFinished(() => socket.close());
    const attached = new Debugger(socket);
    await attached.#call("Debugger.enable");
    await attached.#call("Debugger.setInstrumentationBreakpoint", {
      instrumentation: "beforeScriptWithSourceMapExecution",
    });
    return attached;
  }

  /** In scripts that are there, and in those that will be. */
  async setBreakpoint(file: string, line: number): Promise<void> {
    this.#breakpoints.push({ file, line });
    for (const script of this.#scripts.values()) await this.#bind(script, file, line);
  }

  /** The next time that it rests at a breakpoint. */
  async nextPause(): Promise<Pause> {
    return new Promise((resolve) => this.#pauses.push(resolve));
  }

  async resume(): Promise<void> {
    await this.#call("Debugger.resume");
  }

  async #hear({ id, result, method, params }: Message): Promise<void> {
    if (id !== undefined) this.#answers.get(id)?.(result);
    if (method === "Debugger.scriptParsed") this.#noteScript(params as Script);
    if (method !== "Debugger.paused") return;
    const { reason, callFrames } = params as Paused;
    const [frame] = callFrames;
    if (frame === undefined) return;
    if (reason === "instrumentation") {
      const script = this.#scripts.get(frame.location.scriptId);
      for (const { file, line } of this.#breakpoints) if (script) await this.#bind(script, file, line);
      await this.resume();
      return;
    }
    const evaluate = async (expression: string): Promise<unknown> => {
      const { callFrameId } = frame;
      const answer = await this.#call("Debugger.evaluateOnCallFrame", { callFrameId, expression });
      return (answer as { readonly result: { readonly value: unknown } }).result.value;
    };
    this.#pauses.shift()?.({ ...this.#sourceOf(frame.location), evaluate });
  }

  #noteScript(script: Script): void {
    const [, text] =
      /^data:application\/json;charset=utf-8;base64,(.*)$/.exec(script.sourceMapURL ?? "") ?? [];
    if (text === undefined) return;
    const map = new SourceMap(JSON.parse(Buffer.from(text, "base64").toString()) as SourceMapPayload);
    this.#scripts.set(script.scriptId, { ...script, map });
  }

  #sourceOf({ scriptId, lineNumber, columnNumber }: Place): { readonly file: string; readonly line: number } {
    const { map, url = "" } = this.#scripts.get(scriptId) ?? {};
    const entry = map?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !("originalLine" in entry)) return { file: url, line: lineNumber + 1 };
    return { file: pathOf(entry.originalSource), line: entry.originalLine + 1 };
  }

  /** At the first place of the script that comes from the line. */
  async #bind(
    script: Script & { readonly map: SourceMap | undefined },
    file: string,
    line: number,
  ): Promise<void> {
    const { scriptId, url, map } = script;
    if (map === undefined || !map.payload.sources.map(pathOf).includes(file)) return;
    const { scriptSource } = (await this.#call("Debugger.getScriptSource", { scriptId })) as {
      readonly scriptSource: string;
    };
    for (const [lineNumber, text] of scriptSource.split("\n").entries()) {
      for (let columnNumber = 0; columnNumber <= Math.min(text.length, 1_000); columnNumber++) {
        const entry = map.findEntry(lineNumber, columnNumber);
        if (!("originalLine" in entry) || entry.originalLine !== line - 1) continue;
        if (entry.generatedLine !== lineNumber) continue;
        await this.#call("Debugger.setBreakpointByUrl", { url, lineNumber, columnNumber });
        return;
      }
    }
  }

  async #call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#calls;
    const answer = new Promise<unknown>((resolve) => this.#answers.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly method?: string;
  readonly params?: unknown;
}

function pathOf(source: string): string {
  return source.startsWith("file:") ? fileURLToPath(source) : source;
}
