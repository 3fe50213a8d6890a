import { say } from "./page-hub.ts";

/** Vite tries another address at once, if it tries one; what a policy forbids is told about the same time. */
const LAST_TRY_MS = 250;

/** Says, once, why a page cannot reach its server and what to do. Nothing is said when one of the attempts succeeds. */
export class Unreachable {
  readonly #tried: string[] = [];
  /** Where a policy forbids to connect. */
  #forbidden: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Notice what policies forbid from now on: a browser may tell of it by nothing else. */
  watch(): void {
    document.addEventListener("securitypolicyviolation", ({ disposition, blockedURI }) => {
      const own = this.#tried.map(originOf).find((origin) => blockedURI.startsWith(origin));
      if (disposition !== "enforce" || own === undefined) return;
      this.#forbidden ??= own;
      this.noteFailure();
    });
  }

  /** An address is tried. */
  noteAttempt(url: string): void {
    this.#tried.push(url);
    clearTimeout(this.#timer);
  }

  /** A connection was closed that has never been open. */
  noteFailure(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => say(this.#reason), LAST_TRY_MS);
  }

  /** It is open. */
  noteSuccess(): void {
    clearTimeout(this.#timer);
  }

  get #reason(): string {
    if (this.#forbidden !== undefined)
      return `This page hears nothing of the dev server: its Content-Security-Policy forbids the connection. Let connect-src allow ${this.#forbidden}, and load the page again.`;
    const tried = [...new Set(this.#tried.map(placeOf))].join(" and at ");
    return `This page hears nothing of the dev server: no websocket can be opened at ${tried}. If a proxy stands between them, let it pass on websockets (the header "Upgrade"), or name an address that leads past it in the config of Vite: server.ws.clientPort, in older versions server.hmr.clientPort. Then load the page again.`;
  }
}

/** Without the token, which is nobody's business. */
function placeOf(url: string): string {
  return url.replace(/\?.*$/, "");
}

function originOf(url: string): string {
  return new URL(url).origin;
}
