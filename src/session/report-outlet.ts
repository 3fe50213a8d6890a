import type { Report } from "../protocol/report.ts";

type ReportListener = (report: Report) => void;

/** Where reports go: to programs that listen, or else to the logger, or else they wait for either. */
export class ReportOutlet {
  readonly #listeners = new Set<ReportListener>();
  readonly #observers = new Set<ReportListener>();
  /** What there was to say before anybody could hear it, such as of the state file. */
  readonly #early: Report[] = [];
  #log: ReportListener | undefined;
  /** Whoever wants to listen does by now. */
  #hasBegun = false;

  emit(report: Report): void {
    for (const observer of this.#observers) observer(report);
    this.#tell(report);
  }

  #tell(report: Report): void {
    if (this.#listeners.size > 0) for (const listener of this.#listeners) listener(report);
    else if (this.#log === undefined || !this.#hasBegun) this.#early.push(report);
    else this.#log(report);
  }

  /** Listen to everything that users are told, in place of the logger. */
  listen(listener: ReportListener): () => void {
    this.#listeners.add(listener);
    this.emitEarly();
    return () => this.#listeners.delete(listener);
  }

  /** See everything that users are told, wherever else it goes: nobody hears less for it. Returns what ends it. */
  observe(observer: ReportListener): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Who listens to another outlet listens here, too. */
  listenLike(other: ReportOutlet): void {
    for (const listener of other.#listeners) this.listen(listener);
  }

  /** Where reports go while no program listens. */
  logWith(log: ReportListener): void {
    this.#log = log;
  }

  /** Tell what waits: whoever wants to listen does by now. */
  emitEarly(): void {
    this.#hasBegun = true;
    if (this.#early.length === 0) return;
    for (const report of this.#early.splice(0)) this.#tell(report);
  }
}
