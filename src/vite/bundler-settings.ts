import type { ResolvedConfig } from "vite";
import type { BundlerSettings, ResolveSettings } from "../project/bundler-settings.ts";
import { ENVIRONMENT } from "../protocol/environment-name.ts";

/** What Vite's config says about server code, as the graph is told. */
export function bundlerSettings(config: ResolvedConfig): BundlerSettings {
  const builds = [config.build, ...Object.values(config.environments).map(({ build }) => build)];
  return {
    isProduction: config.isProduction,
    tsconfig: config.tsconfig,
    transform: transformOptions(config),
    resolve: resolveSettings(config),
    outputs: [...new Set(builds.map(({ outDir }) => outDir))],
  };
}

/** The settings of the environment in which server modules are resolved. */
function resolveSettings(config: ResolvedConfig): ResolveSettings {
  const { conditions, mainFields, extensions, external } = (
    config.environments[ENVIRONMENT] ??
    config.environments["ssr"] ??
    config
  ).resolve;
  const mode = config.isProduction ? "production" : "development";
  return {
    conditions: conditions.map((condition) => (condition === "development|production" ? mode : condition)),
    mainFields,
    extensions,
    external,
    preserveSymlinks: config.resolve.preserveSymlinks,
    aliases: config.resolve.alias.map(({ find, replacement }) => ({ find, replacement })),
    tsconfig: config.resolve.tsconfigPaths ? tsconfigOf(config) : undefined,
  };
}

function tsconfigOf({ tsconfig }: ResolvedConfig): ResolveSettings["tsconfig"] {
  return tsconfig === undefined ? "auto" : { configFile: tsconfig };
}

/** What Vite's own transform is told, without what concerns its output. */
function transformOptions({ oxc }: ResolvedConfig): BundlerSettings["transform"] {
  const jsx = typeof oxc === "object" ? oxc.jsx : undefined;
  const { typescript, decorator, assumptions } = typeof oxc === "object" ? oxc : {};
  return {
    sourcemap: false,
    // `development` would write the places of the text into the code: then a comment would change it.
    ...(typeof jsx === "object" ? { jsx: { ...jsx, refresh: false, development: false } } : { jsx }),
    ...(typescript === undefined ? {} : { typescript }),
    ...(decorator === undefined ? {} : { decorator }),
    ...(assumptions === undefined ? {} : { assumptions }),
  };
}
