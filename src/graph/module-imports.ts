/** What a module's text asks for by a name that can be read. */
export interface ImportRequest {
  /** As written: `./price.js`, `react`, `#db`. */
  readonly specifier: string;
  /** `url` names a file beside the module without loading it: `new URL("./x", import.meta.url)`, `require.resolve`. */
  readonly kind: "static" | "dynamic" | "require" | "url";
  /** Not written by anybody but added by the transformer: it counts only if it leads to a file of the project. */
  readonly isInjected?: true;
}

/**
 * What a module's text asks for by a pattern: every file that matches one of `patterns` and none that begins with `!`.
 * Patterns are relative to the module (or to `base`), or to the root where they begin with `/`.
 */
export interface GlobRequest {
  readonly patterns: readonly string[];
  readonly base?: string;
  /** Hidden files and those of packages are meant, too. */
  readonly isExhaustive?: true;
  readonly ignoresCase?: true;
}

/** A request whose target only running the code can tell. */
export interface OpaqueImport {
  readonly call: "import" | "require";
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
}

/** All that a module's text says about other files. */
export interface ModuleImports {
  readonly requests: readonly ImportRequest[];
  readonly globs: readonly GlobRequest[];
  readonly opaque: readonly OpaqueImport[];
}

/** Collects requests, each once. */
export class ImportCollector {
  readonly #requests = new Map<string, ImportRequest>();
  readonly #globs = new Map<string, GlobRequest>();

  request(kind: ImportRequest["kind"], specifier: string): void {
    this.#requests.set(`${kind} ${specifier}`, { specifier, kind });
  }

  glob(glob: GlobRequest): void {
    this.#globs.set(JSON.stringify(glob), glob);
  }

  get requests(): readonly ImportRequest[] {
    return [...this.#requests.values()];
  }

  get globs(): readonly GlobRequest[] {
    return [...this.#globs.values()];
  }
}
