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

/** Vite says that it restarts before anybody knows whether it has to. It is said when it does. */
export function holdBackAnnouncements(logger: ResolvedConfig["logger"]): { release(): void } {
  const info = logger.info.bind(logger);
  let held: (() => void) | undefined;
  logger.info = (message, options) => {
    if (message.includes(" changed, restarting server...")) held = () => info(message, options);
    else info(message, options);
  };
  return {
    release() {
      logger.info = info;
      held?.();
    },
  };
}
