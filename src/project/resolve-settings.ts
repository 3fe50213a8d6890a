import type { ResolvedConfig } from "vite";
import { ENVIRONMENT } from "../vite/environment.ts";

/** What decides where a specifier leads, beside the files. */
export interface ResolveSettings {
  readonly conditions: readonly string[];
  readonly mainFields: readonly string[];
  readonly extensions: readonly string[];
  readonly preserveSymlinks: boolean;
  readonly aliases: readonly Alias[];
  /** Whether `paths` of a tsconfig.json count, and of which; `undefined` when they do not. */
  readonly tsconfig: "auto" | { readonly configFile: string } | undefined;
  readonly tracksNodeModules: boolean;
  /** Whether a bare name is left to Node, wherever it leads. */
  isExternal(name: string): boolean;
}

interface Alias {
  readonly find: string | RegExp;
  readonly replacement: string;
}

/** Vite's own defaults for server code. */
const DEFAULTS = {
  conditions: ["module", "node", "development|production"],
  mainFields: ["module", "jsnext:main", "jsnext"],
  extensions: [".mjs", ".js", ".mts", ".ts", ".jsx", ".tsx", ".json"],
  external: ["orbit-hmr"],
};

/** The settings of the environment in which server modules are resolved. */
export function resolveSettings(
  config: ResolvedConfig | undefined,
  tracking: { readonly trackNodeModules: boolean },
): ResolveSettings {
  const environment = (config?.environments[ENVIRONMENT] ?? config?.environments["ssr"])?.resolve;
  const { conditions, mainFields, extensions, external } = { ...DEFAULTS, ...environment };
  const mode = config?.isProduction === true ? "production" : "development";
  return {
    conditions: conditions.map((condition) => (condition === "development|production" ? mode : condition)),
    mainFields,
    extensions,
    preserveSymlinks: config?.resolve.preserveSymlinks ?? false,
    aliases: config?.resolve.alias ?? [],
    tsconfig: tsconfigOf(config),
    tracksNodeModules: tracking.trackNodeModules,
    isExternal: (name) =>
      external === true || external.some((each) => name === each || name.startsWith(`${each}/`)),
  };
}

/** A specifier as the first alias that applies leaves it. */
export function aliased(specifier: string, aliases: readonly Alias[]): string {
  const alias = aliases.find(({ find }) =>
    typeof find === "string"
      ? specifier === find || specifier.startsWith(`${find}/`)
      : specifier.search(find) !== -1,
  );
  return alias === undefined ? specifier : specifier.replace(alias.find, alias.replacement);
}

function tsconfigOf(config: ResolvedConfig | undefined): ResolveSettings["tsconfig"] {
  if (config?.resolve.tsconfigPaths !== true) return undefined;
  return config.tsconfig === undefined ? "auto" : { configFile: config.tsconfig };
}
