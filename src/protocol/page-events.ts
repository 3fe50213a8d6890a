import type { ResetValue } from "./report.ts";

/** On the wire an event is a custom event of Vite's websocket, with this before its name. */
export const PAGE_EVENT_PREFIX = "api-hmr:";

/** One route may answer otherwise than before. */
export interface RouteUpdated {
  /** Such as `/api/users/:id`; `*` where more routes than `hmr.fullReloadThreshold` are meant. */
  readonly routePath: string;
  /** The route's own file, relative to the root. */
  readonly filePath: string;
  /** What was saved, relative to the root. */
  readonly files: readonly string[];
  /** From the detection of the change to the commit, in milliseconds. */
  readonly ms: number;
  /** State that went on, of the modules behind the route: explicit state by id, bindings as `file:name`. */
  readonly kept: readonly string[];
  readonly reset: readonly ResetValue[];
}

/** A file that routes are built from was saved. */
export interface DependencyUpdated {
  /** Relative to the root. */
  readonly dependency: string;
  readonly affectedRoutes: readonly string[];
  readonly ms: number;
}

/** A settings file was saved. */
export interface ConfigUpdated {
  readonly filePath: string;
  /** It is in effect only after a restart by hand. */
  readonly requiresRestart: boolean;
}

/** A file with the environment was saved. */
export interface EnvUpdated {
  readonly filePath: string;
  /** The keys that have other values; values are never sent. */
  readonly keys: readonly string[];
}

/** A module cannot be loaded, or an error escaped from running code. */
export interface ReloadError {
  /** Relative to the root; absent where no file of the project is to blame. */
  readonly filePath: string | undefined;
  readonly routes: readonly string[];
  readonly error: {
    readonly message: string;
    readonly file: string | undefined;
    /** Counts from 1. */
    readonly line: number | undefined;
    /** Counts from 1. */
    readonly column: number | undefined;
    readonly frame: string | undefined;
  };
  /** How many times loading it was tried again. */
  readonly retries: number;
  /** The files on the shortest way from the first route to the broken file, both included; absent where that is not known. */
  readonly chain?: readonly string[] | undefined;
  /** Everything is loaded: it has escaped from code while that ran. */
  readonly isEscaped?: true | undefined;
  /** A build has failed with it. */
  readonly isOfBuild?: true | undefined;
}

/** Routes that were broken answer again. */
export interface Recovered {
  readonly routes: readonly string[];
}

/** What comes with every message: which server process has sent it, its number among those of that, and what is live. */
export interface Sent {
  readonly build: string;
  readonly seq: number;
  /** Counts commits. */
  readonly version: number;
}

/** What a page can listen to, by name. */
export interface PageEvents {
  /** The page has reached the server. */
  readonly connected: object;
  /** The server does not answer any more. */
  readonly disconnected: object;
  readonly "route-updated": RouteUpdated & Sent;
  readonly "dependency-updated": DependencyUpdated & Sent;
  readonly "config-updated": ConfigUpdated & Sent;
  readonly "env-updated": EnvUpdated & Sent;
  readonly "reload-error": ReloadError & Sent;
  readonly recovered: Recovered & Sent;
}

export type PageEventName = keyof PageEvents;

/** A message before it is sent. */
export type PageMessage = {
  [Name in PageEventName]: {
    readonly name: Name;
    readonly detail: Omit<PageEvents[Name], keyof Sent>;
  };
}[PageEventName];

/** Every name, for messages and checks. */
export const PAGE_EVENTS: readonly PageEventName[] = [
  "connected",
  "disconnected",
  "route-updated",
  "dependency-updated",
  "config-updated",
  "env-updated",
  "reload-error",
  "recovered",
];

/** How many entries each side has dropped. */
export interface ClearedCaches {
  /** Entries of Cache Storage under the API's prefix. */
  readonly browser: number;
  /** Entries of `createCache`. */
  readonly server: number;
}
