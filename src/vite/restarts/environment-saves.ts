import { readFileSync } from "node:fs";
import path from "node:path";
import type { ResolvedConfig } from "vite";

/** The `.env*` files of a mode, whether they exist or not. */
export function envFilesOf(folder: string | false, mode: string): readonly string[] {
  if (folder === false) return [];
  return [".env", ".env.local", `.env.${mode}`, `.env.${mode}.local`].map((name) => path.join(folder, name));
}

/** Keys that say how the plugin works, or which build this is. */
const SETTINGS_KEY = /^(?:HMR_|DEPENDENCY_TRACKING$|NODE_ENV$)/;

/**
 * Whether a server was made with keys of the environment: what browsers get, how the plugin works, or its config. Everybody
 * else reads new values when they are there.
 */
export function isMadeWith(
  keys: readonly string[],
  { envPrefix = "VITE_" }: Pick<ResolvedConfig, "envPrefix">,
  configs: readonly string[],
): boolean {
  const isMeant = (key: string): boolean =>
    [envPrefix].flat().some((prefix) => key.startsWith(prefix)) || SETTINGS_KEY.test(key);
  return keys.some(isMeant) || configs.some(readsEnvironment);
}

/** Whether a config may be another one with another environment: a text that names it is one that does. */
function readsEnvironment(file: string): boolean {
  try {
    return /\bprocess\b[^;]*\benv\b|\bloadEnv\b|\bimport\.meta\.env\b/.test(readFileSync(file, "utf8"));
  } catch {
    // It is gone, or not ours to read.
    return true;
  }
}

type ServerLogger = ResolvedConfig["logger"];

/** What each logger has been kept from saying. A logger may be that of many servers, one after another. */
const heldBack = new WeakMap<ServerLogger, { say: (() => void) | undefined }>();

/** Vite says that it restarts before anybody knows whether it has to. That waits until it does. */
export function holdBackAnnouncements(logger: ServerLogger): void {
  if (heldBack.has(logger)) return;
  const held: { say: (() => void) | undefined } = { say: undefined };
  heldBack.set(logger, held);
  const info = logger.info.bind(logger);
  logger.info = (message, options) => {
    const say = (): void => info(message, options);
    if (message.includes(" changed, restarting server...")) held.say = say;
    else say();
  };
}

/** It restarts: say what was held back of that. */
export function announceRestart(logger: ServerLogger): void {
  const held = heldBack.get(logger);
  held?.say?.();
  if (held !== undefined) held.say = undefined;
}
