import type { Connect, ViteDevServer } from "vite";

type Middleware = Connect.NextHandleFunction;

/**
 * Requests for routes that no route has answered. They go on to proxies, later middlewares and public files, as if the
 * plugin were not there, and are answered here if nobody takes them.
 */
export class Unanswered {
  readonly #left = new WeakSet<Connect.IncomingMessage>();

  /** Nobody has answered a request yet. */
  note(incoming: Connect.IncomingMessage): void {
    this.#left.add(incoming);
  }

  /** Answer at the end of a server's middlewares, which are all registered once the hooks have run. */
  answerAtEnd({ config, middlewares }: ViteDevServer, answer: Middleware): void {
    // Whoever owns the server has middlewares of its own after all of Vite's.
    const isOwnersTurn = config.server.middlewareMode !== false && config.appType === "custom";
    const middleware: Middleware = (incoming, outgoing, next) => {
      if (!this.#left.has(incoming) || isPage(incoming)) return next();
      return answer(incoming, outgoing, next);
    };
    const insertBefore = (name: string, handle: Middleware): boolean => {
      const index = middlewares.stack.findIndex((layer) => nameOf(layer.handle) === name);
      if (index !== -1) middlewares.stack.splice(index, 0, { route: "", handle });
      return index !== -1;
    };
    // What does not lie under the base ends there.
    insertBefore("viteBaseMiddleware", (incoming, outgoing, next) =>
      isUnder(incoming.url ?? "/", config.base) || config.server.middlewareMode !== false
        ? next()
        : middleware(incoming, outgoing, next),
    );
    // Vite registers its last middlewares right after the hooks of all plugins, in the same turn.
    queueMicrotask(() => {
      if (isOwnersTurn) return;
      if (!insertBefore("viteIndexHtmlMiddleware", middleware))
        insertBefore("viteErrorMiddleware", middleware);
    });
  }
}

function nameOf(handle: unknown): string {
  return typeof handle === "function" ? handle.name : "";
}

function isUnder(url: string, base: string): boolean {
  return url.startsWith(base) || `${url.replace(/[?#].*$/s, "")}/` === base;
}

/** Vite has found a page for it; `/index.html` is what it takes everything else for. */
function isPage({ url = "/" }: Connect.IncomingMessage): boolean {
  const path = url.replace(/[?#].*$/s, "");
  return path.endsWith(".html") && path !== "/index.html";
}
