import type { RouteUpdated } from "../protocol/page-events.ts";
import type { PageHub, ServerLink } from "./page-hub.ts";
import { bundlerError } from "./vite-overlay.ts";

/** Vite's own events, as far as they say what a page shows. */
interface BundlerEvents {
  readonly on: (event: string, listener: (payload: never) => void) => void;
}

interface BundlerUpdate {
  readonly updates: readonly { readonly path: string }[];
}

/** Show what the server says is broken, and what has just been updated. */
export function followServer(hub: PageHub, link: ServerLink, hot: BundlerEvents): void {
  const { problems } = hub;
  link.on("orbit:hello", ({ errors }) => problems.set("server", errors));
  link.on("orbit:errors", ({ errors }) => problems.set("server", errors));
  let routes = new Set<string>();
  hub.on("route-updated", ({ routePath, ms }) => {
    // One save is told route by route, one right after the other.
    if (routes.size === 0) queueMicrotask(() => (routes = new Set()));
    routes.add(routePath);
    problems.tellUpdated(updateText(routes, ms));
  });
  hot.on("vite:afterUpdate", ({ updates }: BundlerUpdate) => {
    const [first] = updates;
    if (first === undefined) return;
    const name = first.path.replace(/[?#].*$/, "").replace(/^\//, "");
    problems.tellUpdated(updates.length === 1 ? `Updated ${name}` : `Updated ${updates.length} files`);
  });
  if (hub.showsOverlay) return;
  // Vite makes no element then, and says by nothing else when an error is gone.
  hot.on("vite:error", ({ err }: { readonly err: unknown }) => problems.set("bundler", [bundlerError(err)]));
  hot.on("vite:beforeUpdate", () => problems.set("bundler", []));
}

function updateText(routes: ReadonlySet<string>, ms: RouteUpdated["ms"]): string {
  const [only = ""] = routes;
  const what = only === "*" ? "all routes" : routes.size === 1 ? only : `${routes.size} routes`;
  return `Updated ${what} in ${Math.round(ms)} ms`;
}
