import { createRequire } from "node:module";
import path from "node:path";

/** The transformer and parser that Vite itself brings along, as far as they are used here. */
export interface Oxc {
  transformSync(file: string, code: string, options: object, cache?: TsconfigCache): Transformed;
  minifySync(file: string, code: string, options: object): Transformed;
  parseSync(
    file: string,
    code: string,
    options?: object,
  ): { readonly program: unknown; readonly errors: readonly unknown[]; readonly module: ExportsOfText };
  readonly TsconfigCache: new (tsconfig?: string) => TsconfigCache;
}

/** What the parser says of a text as a module. */
interface ExportsOfText {
  readonly hasModuleSyntax: boolean;
  readonly staticExports: readonly {
    readonly entries: readonly {
      readonly isType: boolean;
      readonly exportName: { readonly kind: "Name" | "Default" | "None"; readonly name: string | null };
    }[];
  }[];
}

/** Which compiler settings apply to which file, remembered. */
export interface TsconfigCache {
  clear(): void;
}

interface Transformed {
  readonly code: string;
  readonly map?: { readonly mappings: string; readonly sources: readonly (string | null)[] } | undefined;
  /** By name: the file of each helper that the text calls. */
  readonly helpersUsed: Readonly<Record<string, string>>;
  readonly errors: readonly { readonly message: string }[];
  readonly warnings: readonly unknown[];
}

const require = createRequire(import.meta.url);
const vite = require.resolve("vite/package.json");
let loaded: Oxc | undefined;

/** Loaded when it is first needed. */
export function loadOxc(): Oxc {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rolldown's own type of its `utils`
  loaded ??= createRequire(vite)("rolldown/utils") as Oxc;
  return loaded;
}

/** The versions of everything that decides how a text is read. */
export function toolVersions(): readonly string[] {
  const fromVite = createRequire(vite);
  return [
    vite,
    path.join(path.dirname(fromVite.resolve("rolldown/utils")), "../package.json"),
    path.join(path.dirname(require.resolve("es-module-lexer")), "../package.json"),
    path.join(path.dirname(require.resolve("oxc-resolver")), "package.json"),
  ].map((manifest) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every package.json that is installed has a version
    const { version } = require(manifest) as { readonly version: string };
    return `${path.basename(path.dirname(manifest))}@${version}`;
  });
}
