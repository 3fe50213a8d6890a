import path from "node:path";
import type { AffectedRoutes, Change } from "../report/classify-reload.ts";
import { frameOf } from "./code-frame.ts";
import type { ShownProblem } from "./events.ts";
import type { ServerPort } from "./ports.ts";
import type { Runtime } from "../runtime/index.ts";
import type { SessionLog } from "./session-log.ts";

interface UnloadedProblemsInit {
  readonly root: string;
  readonly log: SessionLog;
  /** It tells by itself what becomes of the files that it has. */
  readonly runtime: Pick<Runtime, "knowsFile">;
  readonly server: Pick<ServerPort, "faultIn">;
}

/** Errors in saved code that routes will reach, and that nobody has asked for yet. It is read, and does not run. */
export class UnloadedProblems {
  readonly #init: UnloadedProblemsInit;
  /** What was told of each file, as text. */
  readonly #known = new Map<string, string>();

  constructor(init: UnloadedProblemsInit) {
    this.#init = init;
  }

  /**
   * Look at what was saved, and again at what was broken.
   *
   * @returns what was saved without what is broken now: that is told as an error, and changes nothing
   */
  review(
    saved: readonly Change[],
    affectedBy: (files: readonly string[]) => AffectedRoutes,
  ): readonly Change[] {
    const { root, log, runtime, server } = this.#init;
    const code = saved.filter(({ kind }) => kind === "code" || kind === "added").map(({ file }) => file);
    const mended: string[] = [];
    for (const file of new Set([...code, ...this.#known.keys()])) {
      const absolute = path.resolve(root, file);
      const { routes } = affectedBy([file]);
      const fault = runtime.knowsFile(absolute) || routes.length === 0 ? undefined : server.faultIn(absolute);
      if (fault === undefined) {
        if (this.#known.delete(file)) mended.push(entryOf(file));
        continue;
      }
      const problem: ShownProblem = {
        message: fault.message,
        file,
        ...fault.place,
        frame: frameOf(absolute, fault.place),
        offersRestart: false,
        routes: [...routes],
      };
      const told = JSON.stringify(problem);
      if (this.#known.get(file) === told && !code.includes(file)) continue;
      this.#known.set(file, told);
      log.append({
        type: "broke",
        at: Date.now(),
        entry: entryOf(file),
        route: undefined,
        problem,
        retries: 0,
      });
    }
    if (mended.length > 0) log.append({ type: "recovered", entries: mended });
    return saved.filter(({ file }) => !this.#known.has(file));
  }
}

/** No module has such a name. */
function entryOf(file: string): string {
  return `unloaded:${file}`;
}
