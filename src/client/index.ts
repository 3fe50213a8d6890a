import { createPageHub, HUB, hubOf } from "./page-hub.ts";
import type { ApiHmr, PageHub } from "./page-hub.ts";
import { ProblemStore } from "./overlay/problem-store.ts";
import { PAGE_EVENTS } from "../protocol/page-events.ts";
import type { PageEventName, PageEvents } from "../protocol/page-events.ts";

export type { ApiHmr } from "./page-hub.ts";
export type { AcceptParts, Applied, ModulesHandler, Orbit } from "./modules/module-handlers.ts";
export type { ModuleUpdate } from "../protocol/module-updates.ts";
export type { StatusDocument } from "../protocol/status.ts";
export type {
  ClearedCaches,
  ConfigUpdated,
  DependencyUpdated,
  EnvUpdated,
  PageEventName,
  PageEvents,
  Recovered,
  ReloadError,
  RouteUpdated,
  Sent,
} from "../protocol/page-events.ts";

/** How a client of your own behaves. */
export interface ApiHmrClientOptions {
  /**
   * Show what happens as a notification of the system, while the page is not seen. The browser is asked for permission at
   * the first click in the page, and never otherwise.
   *
   * @default false
   */
  readonly enableNotifications?: boolean;
  /** Write what happens to the console. @default false */
  readonly enableConsoleLogging?: boolean;
  /** The `base` of the project, for pages that the dev server has not given its client. @default "/" */
  readonly base?: string;
}

/** A client of your own: it hears what `window.apiHMR` hears. */
export interface ApiHmrClient extends ApiHmr {
  /** Ends all that was listened to through this client. */
  close(): void;
}

/**
 * Listen to what the dev server tells of API routes. In a build, and where code runs on a server, it hears nothing.
 *
 * @throws {TypeError} for an option that is no option
 */
export function createApiHMRClient(options: ApiHmrClientOptions = {}): ApiHmrClient {
  const { enableNotifications = false, enableConsoleLogging = false, base = "/" } = checked(options);
  const hub = typeof window === "undefined" ? createPageHub(NOWHERE) : (hubOf(window) ?? connectedHub(base));
  const ends: (() => void)[] = [];
  const client: ApiHmrClient = {
    on(event, callback) {
      const end = hub.on(event, callback);
      ends.push(end);
      return end;
    },
    close() {
      for (const end of ends.splice(0)) end();
    },
  };
  for (const event of PAGE_EVENTS) {
    client.on(event, (detail) => {
      const text = textOf(event, detail);
      // oxlint-disable-next-line no-console -- asked for
      if (enableConsoleLogging) console.info(`[orbit] ${text}`);
      if (enableNotifications) notify(text);
    });
  }
  if (enableNotifications && typeof window !== "undefined") ends.push(askAtClick());
  return client;
}

/** Code that runs on the server as well hears nothing there. */
const NOWHERE = {
  base: "/",
  apiPrefix: "/api",
  hasDelivery: false,
  showsOverlay: true,
  problems: new ProblemStore(async () => undefined),
};

const NAMES = ["enableNotifications", "enableConsoleLogging", "base"];

function checked(options: ApiHmrClientOptions): ApiHmrClientOptions {
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  if (unknown === undefined) return options;
  throw new TypeError(
    `createApiHMRClient: there is no option ${JSON.stringify(unknown)}: ${NAMES.join(", ")}.`,
  );
}

/** A page that no dev server has made, or not with our plugin. */
function connectedHub(base: string): PageHub {
  // Bundlers replace this: a build has no server to hear of.
  const isBuilt = import.meta.env?.PROD === true;
  const load = isBuilt
    ? async () => undefined
    : async (name: string) => import(/* @vite-ignore */ `${base}@orbit/${name}`);
  const problems = new ProblemStore(async () => load("overlay.js"));
  const apiPrefix = `${base}api`;
  const hub = createPageHub({ base, apiPrefix, hasDelivery: false, showsOverlay: true, problems });
  Object.defineProperty(window, HUB, { value: hub });
  load("page.js").catch(() => {
    // oxlint-disable-next-line no-console -- said once: a client that hears nothing is no error of the page
    console.info(`[orbit] There is no dev server with API routes at ${base}: nothing will be told.`);
  });
  return hub;
}

declare global {
  interface ImportMeta {
    readonly env?: { readonly PROD?: boolean };
  }
}

function notify(text: string): void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted" || !document.hidden)
    return;
  // oxlint-disable-next-line no-new -- it shows itself
  new Notification("orbit-hmr", { body: text, tag: "orbit-hmr" });
}

/** Browsers, and people, want to be asked when they have done something. Returns what ends the wait. */
function askAtClick(): () => void {
  if (typeof Notification === "undefined" || Notification.permission !== "default") return () => undefined;
  addEventListener("click", askForPermission, { once: true });
  return () => removeEventListener("click", askForPermission);
}

function askForPermission(): void {
  void Notification.requestPermission();
}

/** One line for people. */
function textOf<Name extends PageEventName>(event: Name, detail: PageEvents[Name]): string {
  if ("routePath" in detail)
    return `${detail.routePath} has new code (${detail.files.join(", ")}, ${Math.round(detail.ms)} ms)`;
  if ("dependency" in detail) return `${detail.dependency} changed → ${detail.affectedRoutes.join(", ")}`;
  if ("keys" in detail) return `${detail.filePath} changed: ${detail.keys.join(", ")}`;
  if ("requiresRestart" in detail)
    return `${detail.filePath} changed${detail.requiresRestart ? ": restart the server" : ""}`;
  if ("error" in detail) return `${placeOf(detail.error)}${detail.error.message}`;
  if ("routes" in detail) return `${detail.routes.join(", ")} answers again`;
  return event;
}

function placeOf({ file, line }: PageEvents["reload-error"]["error"]): string {
  if (file === undefined) return "";
  return line === undefined ? `${file}: ` : `${file}:${line}: `;
}
