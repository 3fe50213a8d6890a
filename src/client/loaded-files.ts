import type { LoadedFile } from "../protocol/page-wire.ts";

/** What a page has loaded of modules and styles, and when it asked for each last. */
export class LoadedFiles {
  /** By path and query without what only says how new it is. */
  readonly #askedAt = new Map<string, number>();

  /** Know of everything that is loaded, from before this is called on. */
  watch(): void {
    if (typeof PerformanceObserver === "undefined") return;
    const observer = new PerformanceObserver((list) => this.#note(list.getEntriesByType("resource")));
    observer.observe({ type: "resource", buffered: true });
    // What is observed is told a little later.
    this.takeRecords = () => this.#note(observer.takeRecords());
  }

  takeRecords: () => void = () => undefined;

  get list(): readonly LoadedFile[] {
    this.takeRecords();
    const now = Date.now();
    return [...this.#askedAt].map(([url, at]) => ({ url, ago: now - at }));
  }

  #note(entries: readonly PerformanceEntry[]): void {
    // The clock of a page may stand still while the computer sleeps.
    const behind = Date.now() - performance.now();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what resources have
    for (const { name, initiatorType, startTime } of entries as readonly PerformanceResourceTiming[]) {
      const url = new URL(name);
      if (url.origin !== location.origin || !LOADERS.has(initiatorType)) continue;
      url.searchParams.delete("t");
      this.#askedAt.set(
        url.pathname + url.search.replaceAll("=&", "&").replace(/=$/, ""),
        behind + startTime,
      );
    }
  }
}

/** Who asks for modules and styles. */
const LOADERS = new Set(["script", "link", "other", "css"]);
