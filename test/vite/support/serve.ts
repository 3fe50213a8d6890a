import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createLogger, createServer, mergeConfig } from "vite";
import type { InlineConfig, LogLevel, ViteDevServer } from "vite";
import { expect, onTestFinished, vi } from "vitest";
import type { Report } from "../../../src/protocol/report.ts";
import type { ApiRoutesOptions, StatusDocument } from "../../../src/vite/index.ts";
import type { ApiRoutesApi } from "../../../src/vite/plugin.ts";
import { globalStateManager } from "../../../src/state/index.ts";
import { createPlugins } from "../../../src/vite/plugin.ts";
import type { Session, SessionTuning } from "../../../src/session/session.ts";
import type { Project } from "./project.ts";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The text as JSON. */
  readonly json: () => Record<string, unknown>;
}

/** A dev server with the plugin, and what a test asks of it. */
export interface Served {
  readonly server: ViteDevServer;
  readonly url: string;
  readonly session: Session;
  /** Everything that users were told, oldest first. */
  readonly reports: Report[];
  /** Lines that Vite's logger got. */
  readonly lines: string[];
  readonly fetch: (path: string, init?: RequestInit) => Promise<Answer>;
  /** The text of a 200 answer; anything else fails the test. */
  readonly get: (path: string) => Promise<string>;
  readonly status: () => Promise<StatusDocument>;
}

/** How a project is served. */
export interface ServeOptions {
  readonly plugin?: ApiRoutesOptions;
  readonly tuning?: SessionTuning;
  readonly config?: InlineConfig;
  /** `false`: nobody tells the server about saves. @default true */
  readonly watch?: boolean;
  /** `false`: reports go to the logger, as for users of the plugin. @default true */
  readonly listens?: boolean;
}

/** Serve a project on a free port until the test is finished. */
export async function serve(project: Project, options: ServeOptions = {}): Promise<Served> {
  const { watch = true, listens = true } = options;
  const lines: string[] = [];
  const server = await createServer(
    mergeConfig<InlineConfig, InlineConfig>(
      {
        root: project.root,
        configFile: false,
        customLogger: recordingLogger(lines),
        plugins: [createPlugins(options.plugin ?? {}, options.tuning)],
        optimizeDeps: { noDiscovery: true },
        server: { port: 0, host: "127.0.0.1", ...(watch ? {} : { watch: null }) },
      },
      options.config ?? {},
    ),
  );
  onTestFinished(async () => {
    await server.close();
    // There is one state per process, and the next test has modules of the same names.
    globalStateManager.clear();
  });
  await server.listen();
  if (watch) await watching(server);
  const session = sessionOf(server);
  const reports: Report[] = [];
  if (listens) session.reports.listen((report) => reports.push(report));
  const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
  return { server, session, reports, lines, ...askOf(`http://127.0.0.1:${port}`) };
}

/**
 * Resolves when the watcher has begun with everything: before that it tells of no save. What it calls ready is too early: it
 * counts paths that do not exist as well.
 */
async function watching({ watcher, config }: ViteDevServer): Promise<void> {
  if (Reflect.get(watcher, "_readyEmitted") !== true) await once(watcher, "ready");
  if (watcher.options.useFsEvents === true) return;
  const begun = Reflect.get(watcher, "_closers") as ReadonlyMap<string, unknown>;
  const all = [config.root, ...below(config.root)];
  await vi.waitFor(() => expect(all.filter((name) => !begun.has(name))).toEqual([]), { timeout: 10_000 });
}

/** What lies below a folder, without what a watcher leaves out. */
function below(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    if (entry.name === "node_modules" || entry.name === ".git") return [];
    if (entry.isDirectory()) return below(name).concat(name);
    return entry.isFile() ? [name] : [];
  });
}

/** The session behind a server with the plugin. */
export function sessionOf(server: ViteDevServer): Session {
  const plugin = server.config.plugins.find(({ name }) => name === "orbit-hmr");
  const session = (plugin?.api as ApiRoutesApi | undefined)?.session();
  if (session === undefined) throw new Error("The server has no session.");
  return session;
}

/** Ways to ask a server. */
export function askOf(url: string): Pick<Served, "url" | "fetch" | "get" | "status"> {
  const ask: Served["fetch"] = async (path, init) => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
  };
  const get: Served["get"] = async (path) => {
    const { status, text } = await ask(path);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
    return text;
  };
  return {
    url,
    fetch: ask,
    get,
    status: async () => (await ask("/__hmr_status")).json() as unknown as StatusDocument,
  };
}

function recordingLogger(lines: string[]): NonNullable<InlineConfig["customLogger"]> {
  const logger = createLogger("info" satisfies LogLevel);
  const record = (line: string): void => void lines.push(line);
  return { ...logger, info: record, warn: record, warnOnce: record, error: record };
}
