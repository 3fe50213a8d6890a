import type { LoadedFile } from "../protocol/page-wire.ts";

/** What a page has loaded of modules and styles, and when it asked for each last. */
export class LoadedFiles {
  /** By path and query without what only says how new it is. */
  readonly #files = new Map<string, { readonly askedAt: number; readonly isStyle: boolean }>();
  #observer: PerformanceObserver | undefined;

  /** Know of everything that is loaded, from before this is called on. */
  watch(): void {
    if (typeof PerformanceObserver === "undefined") return;
    this.#observer = new PerformanceObserver((list) => this.#note(list.getEntries()));
    this.#observer.observe({ type: "resource", buffered: true });
  }

  get list(): readonly LoadedFile[] {
    // What is observed is told a little later.
    this.#note(this.#observer?.takeRecords() ?? []);
    const now = Date.now();
    return [...this.#files].map(([url, { askedAt, isStyle }]) => ({ url, ago: now - askedAt, isStyle }));
  }

  #note(entries: readonly PerformanceEntry[]): void {
    // The clock of a page may stand still while the computer sleeps.
    const behind = Date.now() - performance.now();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what resources have
    for (const { name, initiatorType, startTime } of entries as readonly PerformanceResourceTiming[]) {
      if (!name.startsWith(`${location.origin}/`) || !LOADERS.has(initiatorType)) continue;
      const url = name.slice(location.origin.length).replace(/([?&])t=\d+(?:&|$)/, "$1");
      const isStyle = initiatorType === "link" || initiatorType === "css";
      this.#files.set(url.replace(/[?&]$/, ""), { askedAt: behind + startTime, isStyle });
    }
  }
}

/** Who asks for modules and styles. */
const LOADERS = new Set(["script", "link", "other", "css"]);
