import { resolveConfig, version } from "vite";
import type { InlineConfig, ResolvedConfig } from "vite";
import { OrbitError } from "../protocol/orbit-error.ts";
import { requireVite } from "../settings/requirements.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { findViteConfig, namingFaults } from "./config-file.ts";
import { loadOrbitonConfig } from "./orbiton-config.ts";
import { apiRoutes, PLUGIN_NAME } from "./plugin.ts";
import type { ApiRoutesApi } from "./plugin.ts";

/** What a project is served by, as far as it is known without serving it. */
export interface ProjectOptions {
  readonly config: ResolvedConfig;
  readonly options: ResolvedOptions;
}

/** What a project without a Vite config is served with: its `tsconfig.json` has nobody else to say where paths lead. */
export const CONFIG_OF_NONE: InlineConfig = { resolve: { tsconfigPaths: true } };

/**
 * The options of a project, read as a dev server would: from its Vite config, from `orbiton.config.*`, or the defaults.
 *
 * @throws {OrbitError} `INVALID_CONFIG` and `INVALID_OPTION` for what is written wrong.
 */
export async function loadProjectOptions(root: string): Promise<ProjectOptions> {
  requireVite(version);
  const inline = { root, logLevel: "silent" } as const;
  const given = await resolve(inline);
  const options = optionsIn(given);
  if (options !== undefined) return { config: given, options };
  const { routes } = await loadOrbitonConfig(root);
  const settings = given.configFile === undefined ? CONFIG_OF_NONE : {};
  const config = await resolve({ ...inline, ...settings, plugins: [apiRoutes(routes)] });
  const added = optionsIn(config);
  if (added === undefined)
    throw new OrbitError("INVALID_CONFIG", "The plugin apiRoutes() is in the config, but not active.");
  return { config, options: added };
}

async function resolve(inline: InlineConfig & { readonly root: string }): Promise<ResolvedConfig> {
  const { root } = inline;
  const file = findViteConfig(root);
  const load = async (): Promise<ResolvedConfig> => resolveConfig(inline, "serve", "development");
  return file === undefined ? load() : namingFaults({ file, root, name: "The Vite config" }, load);
}

function optionsIn({ plugins }: ResolvedConfig): ResolvedOptions | undefined {
  const plugin = plugins.find(({ name }) => name === PLUGIN_NAME);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the plugin of this name is ours
  return (plugin?.api as ApiRoutesApi | undefined)?.options();
}
