import type { ClosedThings } from "../protocol/report.ts";
import type { Clock } from "../reload/clock.ts";
import type { Commit } from "../runtime/index.ts";
import type { SessionLog } from "./session-log.ts";

/** Generations that commits have replaced and that are being closed. Closing takes time, and waits for older requests. */
export class Closings {
  readonly #log: SessionLog;
  readonly #clock: Clock;
  readonly #underWay = new Set<Promise<void>>();

  constructor(log: SessionLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  note({ version, closed }: Pick<Commit, "version" | "closed">): void {
    const closing = this.#untilClosed(version, closed);
    this.#underWay.add(closing);
    void closing.finally(() => this.#underWay.delete(closing));
  }

  /** Resolves when everything is closed, or after a while. */
  async settled(ms: number): Promise<void> {
    if (this.#underWay.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      void Promise.all(this.#underWay).finally(() => {
        cancel();
        resolve();
      });
    });
  }

  async #untilClosed(version: number, closing: Promise<readonly ClosedThings[]>): Promise<void> {
    const closed = await closing;
    if (closed.length > 0) this.#log.append({ type: "closed", version, closed });
  }
}
