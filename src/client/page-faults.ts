import type { ReloadError } from "../protocol/page-events.ts";
import type { PageFault } from "../protocol/page-wire.ts";
import type { PageHub, ServerLink } from "./page-hub.ts";

/** So many are kept: code that fails at every frame says the same again and again. */
const MAX_FAULTS = 20;

/** What went wrong in the page itself, since it was loaded. The server works out where that is in the sources. */
export class PageFaults {
  readonly #hub: PageHub;
  readonly #faults: PageFault[] = [];
  readonly #errors: ReloadError[] = [];
  #link: ServerLink | undefined;

  constructor(hub: PageHub) {
    this.#hub = hub;
  }

  /** Know of everything that nobody catches, from now on. */
  watch(): void {
    addEventListener("error", ({ message, filename, lineno, colno, error }) => {
      // Of scripts of other sites nothing is told, and that a size was not observed in time is no fault.
      if (!isOfPage(filename) || /^(?:Script error\.?$|ResizeObserver loop)/.test(message)) return;
      const place = filename === "" ? {} : { file: filename, line: lineno, column: colno };
      this.#note({ message, ...place, stack: stackOf(error) });
    });
    addEventListener("unhandledrejection", ({ reason }: PromiseRejectionEvent) => {
      this.#note({ message: `Unhandled rejection: ${textOf(reason)}`, stack: stackOf(reason) });
    });
    void this.#tellServers();
  }

  async #tellServers(): Promise<void> {
    const link = await this.#hub.reached;
    this.#link = link;
    link.on("orbit:page-error-place", ({ id, error }) => {
      this.#errors[id] = error;
      this.#hub.problems.set("page", this.#errors);
    });
    const tell = (): void => this.#faults.forEach((fault) => link.send("orbit:page-error", fault));
    // Each server that follows has to be told, too.
    link.on("orbit:hello", tell);
    tell();
  }

  #note(said: Omit<PageFault, "id">): void {
    const message = said.message.slice(0, 2_000);
    const stack = said.stack?.slice(0, 4_000);
    const isKnown = this.#faults.some(
      (known) => known.message === message && known.file === said.file && known.line === said.line,
    );
    if (isKnown || this.#faults.length === MAX_FAULTS) return;
    const fault = { ...said, message, stack, id: this.#faults.length };
    this.#faults.push(fault);
    const { file, line, column } = fault;
    this.#errors.push({
      filePath: file,
      routes: [],
      error: { message, file, line, column, frame: undefined },
      retries: 0,
    });
    this.#hub.problems.set("page", this.#errors);
    this.#link?.send("orbit:page-error", fault);
  }
}

/** Extensions of the browser have scripts in the page, too. */
function isOfPage(url: string): boolean {
  return url === "" || /^(?:https?|blob|data):/.test(url);
}

function textOf(reason: unknown): string {
  try {
    return reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  } catch {
    return "something that has no text";
  }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error && typeof error.stack === "string" ? error.stack : undefined;
}
