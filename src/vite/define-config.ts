import type { ServerOptions } from "../protocol/server-messages.ts";
import type { ApiRoutesOptions } from "../settings/options.ts";

/** What `orbiton.config.{ts,js,mjs,json,toml}` holds: the server's options and those of the routes. */
export type OrbitonConfig = ServerOptions & ApiRoutesOptions;

/** Gives an `orbiton.config.ts` its types; returns what it gets. */
export function defineConfig(config: OrbitonConfig): OrbitonConfig {
  return config;
}
