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
  followBuilds(hub, link);
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

/** What is done sooner need not be shown. */
const SHOWN_AFTER_MS = 150;

/** Show that something is being built. */
function followBuilds(hub: PageHub, link: ServerLink): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isShown = false;
  let progress: string | undefined;
  const show = (): void => {
    if (isShown) problems.setBuilding(buildingText(progress));
    timer ??= setTimeout(() => {
      isShown = true;
      problems.setBuilding(buildingText(progress));
    }, SHOWN_AFTER_MS);
  };
  const { problems } = hub;
  const appear = (): void => {
    if (hub.awaitsBuild) hub.reload("It is built.");
  };
  const hide = (): void => {
    clearTimeout(timer);
    timer = undefined;
    progress = undefined;
    isShown = false;
    problems.setBuilding(undefined);
  };
  link.on("orbit:hello", ({ buildStatus }) => {
    if (buildStatus === "starting") return show();
    hide();
    if (buildStatus === "completed" || buildStatus === "unchanged") appear();
  });
  link.on("orbit:rebuild", ({ status, ms, progress: now, ahead }) => {
    // The next one begins at once. And what pages have already is built for those that come.
    if (status === "superseded" || (status === "starting" && ahead)) return;
    progress = now ?? progress;
    if (status === "starting") return show();
    hide();
    if (status === "completed" || status === "unchanged") appear();
    if (status === "completed" && !ahead) problems.tellUpdated(`Built in ${Math.round(ms)} ms`);
  });
}

function buildingText(progress: string | undefined): string {
  return progress === undefined ? "Building…" : `Building… ${progress}`;
}

function updateText(routes: ReadonlySet<string>, ms: RouteUpdated["ms"]): string {
  const [only = ""] = routes;
  const what = only === "*" ? "all routes" : routes.size === 1 ? only : `${routes.size} routes`;
  return `Updated ${what} in ${Math.round(ms)} ms`;
}
