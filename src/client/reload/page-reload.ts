import { FieldHistory } from "./field-history.ts";
import type { PageKeeper } from "./keeper.ts";
import { storePage, takePage } from "./page-storage.ts";
import type { Cause } from "./page-storage.ts";

/** How long a reload waits for somebody to finish a word that is being composed. */
const COMPOSITION_MS = 10_000;
/** How long it waits for the file that knows how to keep what there is. */
const KEEPER_MS = 2_000;
/** After so long a reload that was asked for has been declined by somebody. */
const DECLINED_MS = 10_000;

/** The file that knows how to keep what there is. */
export interface KeeperModule {
  readonly PageKeeper: typeof PageKeeper;
}

/** What a reload needs of the page around it. */
export interface ReloadingPage {
  /** The page is the answer to a form: to load it again would be to send the form again. */
  readonly isPosted: boolean;
  /** What is to be there after a reload, by id. */
  data(): Readonly<Record<string, object>>;
  /** Up to which message everything was heard. */
  heard(): Omit<Cause, "reason">;
  /** Tell whoever looks into the console. */
  say(text: string): void;
  loadKeeper(): Promise<KeeperModule>;
}

/** Loads a page again in such a way that whoever uses it goes on where they were. */
export class PageReload {
  /** What the document before has left, by id. */
  readonly data: Readonly<Record<string, object>>;
  /** Why the document before was loaded again, where that is so. */
  readonly cause: Cause | undefined;
  readonly #page: ReloadingPage;
  readonly #history = new FieldHistory();
  readonly #said = new Set<string>();
  readonly #ready: Promise<unknown>;
  #keeper: PageKeeper | undefined;
  #isComposing = false;
  #isReloading = false;
  /** Until when a page that goes away does so because Vite's client has loaded it again. */
  #expectedUntil = 0;

  /** Notice what happens in the document from now on, and put back what the one before had. */
  constructor(page: ReloadingPage) {
    this.#page = page;
    this.#history.watch();
    addEventListener("compositionstart", () => (this.#isComposing = true), true);
    addEventListener("compositionend", () => (this.#isComposing = false), true);
    addEventListener("pagehide", () => {
      if (Date.now() < this.#expectedUntil && !this.#isReloading) this.#store();
    });
    const before = takePage();
    this.data = before?.data ?? {};
    this.cause = before?.cause;
    // The code of the page is to hear of what is put into its fields: it has run by then.
    const time = before === undefined ? when(window, "load") : when(document, "DOMContentLoaded");
    const keeper = before === undefined ? time.then(async () => page.loadKeeper()) : page.loadKeeper();
    this.#ready = Promise.all([keeper, time])
      .then(([{ PageKeeper: Keeper }]) => (this.#keeper = new Keeper(this.#history, before?.snapshot)))
      // The server is gone: the page is loaded without what was in it.
      .catch(() => undefined);
  }

  /** Load the page again. Returns whether that is going to be. */
  reload(reason: string): boolean {
    if (this.#page.isPosted) {
      this.#sayOnce(
        `${reason} This page is the answer to a form, and loading it again would send the form again: load it when you want that.`,
      );
      return false;
    }
    if (!this.#isReloading) void this.#reload(reason);
    return true;
  }

  /** Vite's client is about to load the page again, or may be: what there is then is kept as well. */
  expect(ms: number): void {
    this.#expectedUntil = Date.now() + ms;
  }

  async #reload(reason: string): Promise<void> {
    this.#isReloading = true;
    setTimeout(() => (this.#isReloading = false), DECLINED_MS);
    await this.#whenComposed();
    await Promise.race([this.#ready, after(KEEPER_MS)]);
    this.#store({ reason, ...this.#page.heard() });
    location.reload();
  }

  /** A word that is being composed is in no field yet, and would be lost. */
  async #whenComposed(): Promise<void> {
    if (!this.#isComposing) return;
    // What is composed is put into the field after the event.
    await Promise.race([when(window, "compositionend").then(async () => after(0)), after(COMPOSITION_MS)]);
  }

  #store(cause?: Cause): void {
    const isKept = document.querySelector('meta[name="orbit-hmr"][content~="no-keep"]') === null;
    const page = isKept ? { snapshot: this.#keeper?.read(), data: this.#page.data() } : { data: {} };
    const problem = storePage({ ...page, cause });
    if (problem !== undefined)
      this.#page.say(`What is in this page cannot be kept over the reload: ${problem}`);
  }

  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#page.say(text);
  }
}

async function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** Resolves with an event; with one of the page's beginning at once where that has been. */
async function when(target: EventTarget, event: string): Promise<void> {
  const has = { load: ["complete"], DOMContentLoaded: ["complete", "interactive"] }[event] ?? [];
  if (has.includes(document.readyState)) return;
  await new Promise((resolve) => target.addEventListener(event, resolve, { capture: true, once: true }));
}
