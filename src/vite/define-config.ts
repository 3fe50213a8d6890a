import type { ServerOptions } from "../protocol/server-messages.ts";
import type { BuildOptions } from "../settings/build-options.ts";
import type { ApiRoutesOptions } from "../settings/options.ts";

/** What `orbiton.config.{ts,js,mjs,json,toml}` holds: the server's options, those of the routes, and the build. */
export type OrbitonConfig = ServerOptions &
  ApiRoutesOptions & {
    /** How the project is built, where something other than Vite builds it. */
    readonly build?: BuildOptions | undefined;
  };

/** Gives an `orbiton.config.ts` its types; returns what it gets. */
export function defineConfig(config: OrbitonConfig): OrbitonConfig {
  return config;
}
