import type { PageTexts } from "../../protocol/page-wire.ts";
import type { PageHub, ServerLink } from "../page-hub.ts";
import { patchDocument } from "./patch-document.ts";

/** How long somebody may take to write a file that is empty, and how often it is looked at until then. */
const WRITING_MS = 50;
const MAX_ATTEMPTS = 10;
/** How long the address of the page, and the server, may take to answer. */
const PATIENCE_MS = 3_000;

/** Brings a page up to date with an edit of its HTML, where it need not be loaded again for that. */
export class PagePatches {
  readonly #link: ServerLink;
  readonly #hub: PageHub;
  #last: Promise<unknown> = Promise.resolve();
  readonly #asking = new Map<number, (texts: PageTexts) => void>();
  #asked = 0;

  constructor(hub: PageHub, link: ServerLink) {
    this.#link = link;
    this.#hub = hub;
    link.on("orbit:page-texts", (texts) => this.#asking.get(texts.ask)?.(texts));
  }

  /** Returns why the page has to be loaded again, if it has to. */
  async update(): Promise<string | undefined> {
    const update = this.#last.then(async () => this.#update());
    this.#last = update.catch(() => undefined);
    return update;
  }

  async #update(attempts = MAX_ATTEMPTS): Promise<string | undefined> {
    const { text: from } = this.#hub;
    if (from === undefined) return "Nobody knows which text it was made of.";
    const to = await this.#askAddress();
    if (to === undefined) return "Its address has another page now.";
    if (to === from) return undefined;
    const { before, after } = await this.#askTexts(from, to);
    if (before === undefined || after === undefined) return "The server does not know its text any more.";
    // Who writes a file empties it first.
    if (after.trim() === "" && attempts > 1) {
      await new Promise((resolve) => void setTimeout(resolve, WRITING_MS));
      return this.#update(attempts - 1);
    }
    const hindrance = patchDocument(before, after, document);
    if (hindrance === undefined) this.#hub.text = to;
    return hindrance;
  }

  /** The digest of what the address of the page answers now. */
  async #askAddress(): Promise<string | undefined> {
    const response = await fetch(location.href, {
      headers: { accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok || response.redirected) return undefined;
    return /<script\b[^>]* data-text="([^"]+)"/.exec(await response.text())?.[1];
  }

  async #askTexts(from: string, to: string): Promise<PageTexts> {
    const ask = ++this.#asked;
    try {
      return await new Promise((resolve, reject) => {
        this.#asking.set(ask, resolve);
        setTimeout(() => reject(new Error("The server has not answered.")), PATIENCE_MS);
        this.#link.send("orbit:page-texts", { ask, from, to });
      });
    } finally {
      this.#asking.delete(ask);
    }
  }
}
