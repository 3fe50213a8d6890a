import type { ReloadError } from "../protocol/page-events.ts";
import type { ProblemStore } from "./overlay/problem-store.ts";

const NAME = "vite-error-overlay";

/** What Vite tells of an error, with what the server has worked out about its place. */
interface BundlerError {
  readonly message?: unknown;
  readonly plugin?: unknown;
  readonly id?: unknown;
  readonly frame?: unknown;
  readonly loc?: { readonly file?: unknown; readonly line?: unknown; readonly column?: unknown };
  readonly place?: ReloadError["error"];
}

/**
 * Take the place of Vite's own overlay, before Vite defines it: it makes an element for an error, and closes it when that is
 * gone. The element itself shows nothing. Nothing in it throws, or Vite would lose the update that it closes it for.
 */
export function defineViteOverlay(store: ProblemStore): void {
  const shown = new Map<HTMLElement, ReloadError>();
  const tell = (): void => store.set("bundler", [...shown.values()]);
  class BundlerOverlay extends HTMLElement {
    readonly #error: ReloadError;

    constructor(error: unknown) {
      super();
      this.#error = bundlerError(error);
    }

    connectedCallback(): void {
      shown.set(this, this.#error);
      tell();
    }

    disconnectedCallback(): void {
      shown.delete(this);
      tell();
    }

    close(): void {
      this.remove();
    }
  }
  try {
    customElements.define(NAME, BundlerOverlay);
  } catch {
    // Somebody was earlier, and shows what there is.
  }
}

/** An error of Vite in the shape of the server's own; whatever somebody makes an overlay for is one. */
export function bundlerError(thrown: unknown): ReloadError {
  try {
    return readError(thrown);
  } catch {
    const error = { message: "An error that cannot be read.", file: undefined, line: undefined };
    return {
      filePath: undefined,
      routes: [],
      error: { ...error, column: undefined, frame: undefined },
      retries: 0,
    };
  }
}

function readError(thrown: unknown): ReloadError {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field is looked at
  const { message, plugin, id, frame, loc, place }: BundlerError = Object(thrown) as BundlerError;
  const text = typeof message === "string" ? message : String(thrown);
  const error = place ?? {
    message: typeof plugin === "string" ? `[${plugin}] ${text}` : text,
    file: textOr(loc?.file) ?? textOr(id)?.replace(/\?.*$/, ""),
    line: numberOr(loc?.line),
    column: numberOr(loc?.column),
    frame: textOr(frame),
  };
  return { filePath: error.file, routes: [], error, retries: 0 };
}

function textOr(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOr(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
