import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ViteDevServer } from "vite";
import { closeSingletons } from "../state/singleton.ts";
import type { EnvFiles } from "./settings/env-files.ts";
import type { ResolvedOptions } from "./options.ts";
import { Session } from "./session.ts";
import type { SessionTuning } from "./session.ts";

interface Held {
  readonly session: Session;
  /** Who serves it, oldest first: when Vite restarts, the next server is there before the old one closes. */
  readonly servers: Map<ViteDevServer, EnvFiles>;
}

const SLOT: unique symbol = Symbol.for("orbit-hmr:sessions@1");
type Host = typeof globalThis & { [SLOT]?: Map<string, Held> };

/** A restart may evaluate the plugin's module anew, so what outlives it is kept on the process. */
function held(): Map<string, Held> {
  return ((globalThis as Host)[SLOT] ??= new Map());
}

/** The plugin may stand in the project's own config, where nobody can hand it a wish for one run. */
const withoutKeptState = new Set<string>();

/** The next session of a project begins without what earlier processes have kept. */
export function beginWithoutKeptState(root: string): void {
  withoutKeptState.add(path.normalize(root));
}

/** Serve a project: with the session that another server of it has, if its options are the same, or with a new one. */
export function openSession(init: {
  readonly server: ViteDevServer;
  readonly options: ResolvedOptions;
  readonly env: EnvFiles;
  readonly tuning?: SessionTuning | undefined;
}): Session {
  const { server, options, env, tuning } = init;
  const { root } = server.config;
  const kept = held().get(root);
  if (kept !== undefined && isDeepStrictEqual(kept.session.options, options)) {
    kept.servers.set(server, env);
    kept.session.adopt(server, env);
    return kept.session;
  }
  kept?.session.flushState();
  const isStateClean = withoutKeptState.delete(path.normalize(root));
  const session = new Session(server, options, env, { ...tuning, isStateClean });
  if (kept !== undefined) session.follow(kept.session);
  held().set(root, { session, servers: new Map([[server, env]]) });
  return session;
}

/** A server closes: its session closes with the last of its servers. */
export async function closeSession(session: Session, server: ViteDevServer): Promise<void> {
  const { root } = server.config;
  const current = held().get(root);
  if (current?.session === session) {
    current.servers.delete(server);
    const next = [...current.servers].at(-1);
    if (next !== undefined) {
      if (session.server === server) session.adopt(...next);
      return;
    }
    held().delete(root);
  }
  await session.close();
  // Nobody is left in this process who could use them.
  if (held().size === 0) await Promise.race([closeSingletons(), passed(CLOSE_DEADLINE_MS)]);
}

/** How long clients may take to say goodbye. */
const CLOSE_DEADLINE_MS = 3_000;

async function passed(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
