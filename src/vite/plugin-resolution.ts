import type { DevEnvironment, ResolvedConfig } from "vite";
import { ENVIRONMENT } from "../protocol/environment-name.ts";
import { environmentClassOf } from "./environment-class.ts";

/** Asks Vite's plugins where server code leads, without a server. */
export interface PluginResolution {
  readonly resolveId: (specifier: string, importer: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

/** Nothing is opened before something is asked: most projects never do. */
export function pluginResolution(config: ResolvedConfig): PluginResolution {
  let opening: Promise<DevEnvironment> | undefined;
  return {
    async resolveId(specifier, importer) {
      const { pluginContainer } = await (opening ??= openEnvironment(config));
      return (await pluginContainer.resolveId(specifier, importer))?.id;
    },
    async close() {
      await (await opening)?.close();
    },
  };
}

async function openEnvironment(config: ResolvedConfig): Promise<DevEnvironment> {
  const name = ENVIRONMENT in config.environments ? ENVIRONMENT : "ssr";
  const environment = new (environmentClassOf(config))(name, config, { hot: false });
  await environment.init();
  await environment.pluginContainer.buildStart();
  return environment;
}
