import { statSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ResolverFactory } from "oxc-resolver";
import type { ResolveResult } from "oxc-resolver";
import type { ImportRequest } from "../graph/index.ts";
import { slashed } from "../disk/file-names.ts";
import { aliased } from "./aliases.ts";
import type { ResolveSettings } from "./bundler-settings.ts";

/** Where a request leads. */
export type Target =
  | { readonly kind: "file"; readonly file: string; readonly isFromPlugin?: true }
  | { readonly kind: "external"; readonly name: string }
  /** `name` is what it would be called if it were a package. */
  | { readonly kind: "unresolved"; readonly name: string | undefined }
  /** Nobody wrote it and it leads out of the project. */
  | { readonly kind: "ignored" };

/** Resolves as Vite does, by files alone: what plugins would say is not known here. */
export class FileResolver {
  readonly #settings: ResolveSettings;
  readonly #root: string;
  readonly #tracksNodeModules: boolean;
  readonly #resolvers: Readonly<Record<"import" | "require" | "folder", ResolverFactory>>;
  readonly #memo = new Map<string, Target>();

  constructor(
    root: string,
    settings: ResolveSettings,
    { trackNodeModules }: { readonly trackNodeModules: boolean },
  ) {
    this.#root = root;
    this.#settings = settings;
    this.#tracksNodeModules = trackNodeModules;
    const options = resolverOptions(settings);
    const byImport = new ResolverFactory({ ...options, conditionNames: [...settings.conditions, "import"] });
    const conditionNames = [...settings.conditions, "require"];
    this.#resolvers = {
      import: byImport,
      require: byImport.cloneWithOptions({ ...options, conditionNames }),
      folder: byImport.cloneWithOptions({ ...options, resolveToContext: true }),
    };
  }

  /** Files have come or gone, or a package.json or tsconfig.json says something else. */
  clear(): void {
    this.#memo.clear();
    for (const resolver of Object.values(this.#resolvers)) resolver.clearCache();
  }

  resolve(importer: string, { specifier, kind }: ImportRequest): Target {
    const conditions = kind === "require" || kind === "url" ? kind : "import";
    // A tsconfig.json says which files its paths are for; all else is the same for a folder.
    const isOfFolder = specifier.startsWith(".") || this.#settings.tsconfig === undefined;
    const scope = isOfFolder ? path.posix.dirname(importer) : importer;
    const key = `${conditions}\0${scope}\0${specifier}`;
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const target = this.#find(importer, specifier, conditions);
    this.#memo.set(key, target);
    return target;
  }

  /** The folder that the fixed beginning of a pattern means; it is no path by itself. */
  folderOf(importer: string, prefix: string): string | undefined {
    const wanted = aliased(prefix, this.#settings.aliases).replace(/\/$/, "");
    if (wanted.startsWith("/")) {
      const places = this.#placesOf(wanted);
      return places.find((place) => statSync(place, { throwIfNoEntry: false }) !== undefined) ?? places[0];
    }
    // A map of names has a pattern, which means something in the folder only.
    const { path: found } = this.#ask("folder", importer, wanted.startsWith("#") ? `${wanted}/.` : wanted);
    return found === undefined ? undefined : slashed(found);
  }

  /** What a plugin's answer means; `undefined` for what no file holds: it leads nowhere else, and yet it is there. */
  asTarget(id: string): Target | undefined {
    if (!path.isAbsolute(id)) return undefined;
    const target = this.#asTarget(id, id);
    return target.kind === "file" ? { ...target, isFromPlugin: true } : target;
  }

  #find(importer: string, specifier: string, conditions: "import" | "require" | "url"): Target {
    return conditions === "url"
      ? this.#resolveUrl(importer, specifier)
      : this.#resolve(importer, specifier, conditions);
  }

  #resolve(importer: string, specifier: string, conditions: "import" | "require"): Target {
    const wanted = aliased(withoutQuery(specifier), this.#settings.aliases);
    if (wanted.startsWith("file:")) return this.#asTarget(fileOfUrl(wanted), wanted);
    if (isBuiltin(wanted))
      return { kind: "external", name: wanted.startsWith("node:") ? wanted : `node:${wanted}` };
    if (/^(?:data|https?):/.test(wanted)) return { kind: "external", name: wanted.slice(0, 100) };
    const isBare = !/^[./]/.test(wanted);
    if (isBare && this.#isExternal(wanted)) return { kind: "external", name: packageOf(wanted) ?? wanted };
    for (const request of wanted.startsWith("/") ? this.#placesOf(wanted) : [wanted]) {
      const { path: found } = this.#ask(conditions, importer, request);
      if (found !== undefined && isThere(found, wanted)) return this.#asTarget(found, wanted);
    }
    return this.#asTarget(undefined, wanted);
  }

  /** `new URL` and `require.resolve` name files; what is not beside the module is looked for like an import. */
  #resolveUrl(importer: string, specifier: string): Target {
    const wanted = specifier.replace(/[?#].*$/s, "");
    const files = wanted.startsWith("/")
      ? this.#placesOf(wanted)
      : [path.posix.join(path.posix.dirname(importer), wanted)];
    const file = files.find(isFile);
    if (file !== undefined) return { kind: "file", file };
    const found = this.#resolve(importer, wanted, "require");
    return found.kind === "unresolved" ? { kind: "unresolved", name: undefined } : found;
  }

  #ask(which: "import" | "require" | "folder", importer: string, request: string): ResolveResult {
    const resolver = this.#resolvers[which];
    // Only the look-up by file finds the tsconfig.json that applies.
    return this.#settings.tsconfig === undefined
      ? resolver.sync(path.dirname(importer), request)
      : resolver.resolveFileSync(importer, request);
  }

  #asTarget(found: string | undefined, wanted: string): Target {
    const isBare = !/^[./]/.test(wanted);
    const name = isBare ? packageOf(wanted) : undefined;
    if (found === undefined) return { kind: "unresolved", name };
    const file = slashed(withoutQuery(found));
    const packages = file.lastIndexOf(PACKAGES);
    if (packages === -1 || this.#tracksNodeModules) return { kind: "file", file };
    const inside = file.slice(packages + PACKAGES.length);
    return { kind: "external", name: name ?? packageOf(inside) ?? inside };
  }

  /** Whether a bare name is left to Node, wherever it leads. */
  #isExternal(name: string): boolean {
    const { external } = this.#settings;
    return external === true || external.some((each) => name === each || name.startsWith(`${each}/`));
  }

  /** As in a URL, a path may begin at the root; if nothing is there, it is one of the disk, such as an alias leads to. */
  #placesOf(wanted: string): readonly string[] {
    const isInside = wanted === this.#root || wanted.startsWith(`${this.#root}/`);
    return isInside ? [wanted] : [path.posix.join(this.#root, wanted), wanted];
  }
}

const PACKAGES = "/node_modules/";

function resolverOptions(
  settings: ResolveSettings,
): NonNullable<ConstructorParameters<typeof ResolverFactory>[0]> {
  return {
    ...(settings.tsconfig === undefined ? {} : { tsconfig: settings.tsconfig }),
    mainFields: [...settings.mainFields, "main"],
    extensions: [...settings.extensions],
    extensionAlias: {
      ".js": [".js", ".ts", ".tsx"],
      ".jsx": [".jsx", ".tsx"],
      ".mjs": [".mjs", ".mts"],
      ".cjs": [".cjs", ".cts"],
    },
    symlinks: !settings.preserveSymlinks,
    nodePath: false,
    allowPackageExportsInDirectoryResolve: true,
  };
}

/** The package that a bare name is of, if it could be one. */
function packageOf(name: string): string | undefined {
  return /^(?:@[^/@\s]+\/)?[^./@#\s~][^/\s]*/.exec(name)?.[0];
}

function withoutQuery(specifier: string): string {
  return specifier.replace(/\?.*$/s, "");
}

function fileOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    // No file of this machine.
    return undefined;
  }
}

/** A map of names that leads to a missing file is not noticed everywhere: what has another name is looked for. */
function isThere(found: string, wanted: string): boolean {
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  return (name !== "" && path.basename(found).startsWith(name)) || isFile(withoutQuery(found));
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
