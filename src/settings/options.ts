import { OrbitError } from "../protocol/orbit-error.ts";
import { nearestName } from "./nearest-name.ts";
import { readVariables } from "./option-variables.ts";
import type { Environment } from "./option-variables.ts";

/** What `apiRoutes()` accepts. Every option has a default that suits a small project. */
export type ApiRoutesOptions = {
  /**
   * The folder of the route files, relative to Vite's root.
   * @default "pages/api", or "src/pages/api" where the first does not exist
   */
  readonly apiDir?: string | undefined;
  /**
   * Where the routes are mounted. It is taken as it stands, whatever the base of the project is.
   * @default "/api", below an absolute `base` of Vite's: "/app/api" with the base "/app/"
   */
  readonly apiPrefix?: string | undefined;
  /**
   * Take `request.ip` from `X-Forwarded-For`. Only behind a proxy that sets this header itself.
   * @default false
   */
  readonly trustProxy?: boolean | undefined;
  /** How code is replaced. */
  readonly hmr?: HmrOptions | undefined;
  /** What is known about imports before anything runs. */
  readonly dependencyTracking?: DependencyTrackingOptions | undefined;
};

/** How code is replaced. */
export type HmrOptions = {
  /**
   * Keep explicit state and top-level bindings when their module is edited. `HMR_PRESERVE_STATE` overrides it.
   * @default true
   */
  readonly preserveState?: boolean | undefined;
  /**
   * How long a burst of saves is gathered before it is reported. Requests never wait for it, nor do pages for a single save.
   * `HMR_DEBOUNCE_MS` overrides it.
   * @default 100
   */
  readonly debounceMs?: number | undefined;
  /**
   * Print one line per reload. `HMR_ENABLE_LOGGING` overrides it.
   * @default true
   */
  readonly enableLogging?: boolean | undefined;
  /**
   * How often a failure that may pass, such as a file being written, is tried again.
   * @default 3
   */
  readonly maxRetries?: number | undefined;
  /**
   * What a route with broken code answers: its error, or what it answered before the edit, marked as old.
   * @default "error"
   */
  readonly onError?: "error" | "last-good" | undefined;
  /**
   * Who runs again after an edit: only what the edit can reach, or every importer up to the routes.
   * @default "live"
   */
  readonly propagation?: "live" | "importers" | undefined;
  /**
   * A change that affects more routes than this is one reload of everything, strategy `full`.
   * @default 50
   */
  readonly fullReloadThreshold?: number | undefined;
};

/**
 * What is known about imports before anything runs. It shapes reports, never the freshness of an answer.
 * `DEPENDENCY_TRACKING=false` turns it off.
 */
export type DependencyTrackingOptions = {
  /**
   * Parse modules in which the lexer alone cannot tell what is imported.
   * @default true
   */
  readonly enableASTAnalysis?: boolean | undefined;
  /**
   * Packages are code like the project's own: the graph follows imports into `node_modules`, and what is edited there
   * is replaced instead of needing another process.
   * @default false
   */
  readonly trackNodeModules?: boolean | undefined;
  /**
   * How many imports deep a chain is followed. A cut is reported.
   * @default Infinity
   */
  readonly maxDepth?: number | undefined;
};

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The options with every default filled in. */
export type ResolvedOptions = {
  /** Folders that may hold the routes; the first that exists does. */
  readonly apiDirs: readonly string[];
  readonly apiPrefix: string;
  readonly trustProxy: boolean;
  readonly hmr: Complete<HmrOptions>;
  /** Say all that reloads kept, reset and closed: a wish for one run, so it comes from the environment alone. */
  readonly isVerbose: boolean;
  readonly dependencyTracking: Complete<DependencyTrackingOptions>;
  /** Whether there is a graph at all: `DEPENDENCY_TRACKING=false` turns it off. */
  readonly tracksDependencies: boolean;
};

type OptionRule<T> = {
  readonly expected: string;
  readonly fallback: T;
  readonly accepts: (value: unknown) => value is T;
};
type OptionRules<T> = { readonly [K in keyof T]-?: OptionRule<Exclude<T[K], undefined>> };

const topRules: OptionRules<Pick<ApiRoutesOptions, "apiDir" | "apiPrefix" | "trustProxy">> = {
  apiDir: { expected: "the path of a folder", fallback: "", accepts: isFilledString },
  apiPrefix: {
    expected: 'a path that begins with "/" and does not end with it',
    fallback: "/api",
    accepts: isPrefix,
  },
  trustProxy: flag(false),
};
const hmrRules: OptionRules<HmrOptions> = {
  preserveState: flag(true),
  debounceMs: { expected: "a number of at least 0", fallback: 100, accepts: isDuration },
  enableLogging: flag(true),
  maxRetries: count(3, 0),
  onError: choice(["error", "last-good"]),
  propagation: choice(["live", "importers"]),
  fullReloadThreshold: count(50, 1),
};
const trackingRules: OptionRules<DependencyTrackingOptions> = {
  enableASTAnalysis: flag(true),
  trackNodeModules: flag(false),
  maxDepth: { ...count(Infinity, 1), expected: "a whole number of at least 1, or Infinity" },
};

/** Their names, with the groups that they are in. */
export const knownPaths: readonly string[] = [
  ...Object.keys(topRules),
  "hmr",
  ...Object.keys(hmrRules).map((name) => `hmr.${name}`),
  "dependencyTracking",
  ...Object.keys(trackingRules).map((name) => `dependencyTracking.${name}`),
];

/**
 * Check what the user wrote and fill in the defaults; the environment wins over both.
 * Throws one `INVALID_OPTION` that names everything that is wrong.
 *
 * @param base the path of the project, which ends with a slash; anything else says nothing about paths
 */
export function resolveOptions(raw: unknown, env: Environment, base = "/"): ResolvedOptions {
  const problems: string[] = [];
  const { hmr, dependencyTracking, ...top } = readGroup(raw, "", problems);
  const { apiDir, ...mount } = resolveGroup({ rules: topRules, given: top, prefix: "", problems });
  const fromEnv = readVariables(env, problems);
  const reload = readGroup(hmr, "hmr", problems);
  const tracking = readGroup(dependencyTracking, "dependencyTracking", problems);
  const resolved: ResolvedOptions = {
    ...mount,
    apiPrefix: top["apiPrefix"] === undefined ? below(base, mount.apiPrefix) : mount.apiPrefix,
    isVerbose: fromEnv.isVerbose,
    apiDirs: apiDir === "" ? ["pages/api", "src/pages/api"] : [apiDir],
    hmr: { ...resolveGroup({ rules: hmrRules, given: reload, prefix: "hmr.", problems }), ...fromEnv.hmr },
    dependencyTracking: resolveGroup({
      rules: trackingRules,
      given: tracking,
      prefix: "dependencyTracking.",
      problems,
    }),
    tracksDependencies: fromEnv.tracksDependencies,
  };
  if (problems.length > 0) throw new OrbitError("INVALID_OPTION", problems.join("\n        "));
  return resolved;
}

function below(base: string, path: string): string {
  return base.startsWith("/") ? base.replace(/\/+$/, "") + path : path;
}

type Group = Readonly<Record<string, unknown>>;

function readGroup(value: unknown, path: string, problems: string[]): Group {
  if (value === undefined) return {};
  if (isPlainObject(value)) return value;
  const name = path === "" ? "the options of apiRoutes()" : `\`${path}\``;
  problems.push(`Expected ${name} to be an object, got ${describe(value)}.`);
  return {};
}

type GroupInput<T> = {
  readonly rules: OptionRules<T>;
  readonly given: Group;
  readonly prefix: string;
  readonly problems: string[];
};

function resolveGroup<T extends object>({ rules, given, prefix, problems }: GroupInput<T>): Complete<T> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rules, name)) problems.push(explainUnknown(prefix + name));
  }
  const resolved = Object.entries<OptionRule<unknown>>(rules).map(([name, rule]) => {
    const value = given[name];
    if (value === undefined) return [name, rule.fallback];
    if (rule.accepts(value)) return [name, value];
    problems.push(`Expected \`${prefix}${name}\` to be ${rule.expected}, got ${describe(value)}.`);
    return [name, rule.fallback];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry per rule, each checked by its rule
  return Object.fromEntries(resolved) as Complete<T>;
}

function explainUnknown(path: string): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const nearest = nearestName(name, knownPaths, Math.max(2, name.length / 2));
  const advice =
    nearest === undefined ? `Known options: ${knownPaths.join(", ")}.` : `Did you mean \`${nearest}\`?`;
  return `Unknown option \`${path}\`. ${advice}`;
}

function flag(fallback: boolean): OptionRule<boolean> {
  return { expected: "true or false", fallback, accepts: (value) => typeof value === "boolean" };
}

function count(fallback: number, least: number): OptionRule<number> {
  const accepts = (value: unknown): value is number =>
    typeof value === "number" && value >= least && (Number.isInteger(value) || value === fallback);
  return { expected: `a whole number of at least ${least}`, fallback, accepts };
}

function choice<const T extends string>(words: readonly [T, ...T[]]): OptionRule<T> {
  const accepts = (value: unknown): value is T => words.some((word) => word === value);
  return { expected: words.map((word) => `"${word}"`).join(" or "), fallback: words[0], accepts };
}

function isFilledString(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isPrefix(value: unknown): value is string {
  return typeof value === "string" && /^(?:\/[^/?#\s]+)+$/.test(value);
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isPlainObject(value: unknown): value is Group {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a message shows it. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  if (typeof value === "string") return `${JSON.stringify(value)} (string)`;
  // oxlint-disable-next-line typescript/no-base-to-string -- no object comes here
  return `${String(value)} (${typeof value})`;
}
