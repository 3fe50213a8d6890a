/** What the bundler is told, as far as the graph depends on it. */
export interface BundlerSettings {
  readonly isProduction: boolean;
  /** The compiler's settings for all files, in place of the nearest `tsconfig.json` of each. */
  readonly tsconfig: string | undefined;
  /** What its transformer is told, without what concerns the output. */
  readonly transform: Readonly<Record<string, unknown>>;
  readonly resolve: ResolveSettings;
  /** Where builds put their results, absolute or relative to the root: no part of the source. */
  readonly outputs: readonly string[];
}

/** What decides where a specifier leads, beside the files. */
export interface ResolveSettings {
  readonly conditions: readonly string[];
  readonly mainFields: readonly string[];
  readonly extensions: readonly string[];
  readonly preserveSymlinks: boolean;
  readonly aliases: readonly Alias[];
  /** Whether `paths` of a tsconfig.json count, and of which; `undefined` when they do not. */
  readonly tsconfig: "auto" | { readonly configFile: string } | undefined;
  /** Names that are left to Node wherever they lead; `true` for all packages. */
  readonly external: true | readonly string[];
}

/** A name, or the beginning of one, that stands for another. */
export interface Alias {
  readonly find: string | RegExp;
  readonly replacement: string;
}
