import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { init, parse } from "es-module-lexer";
import { normalizePath, parseAst } from "vite";
import type { DevEnvironment, EnvironmentModuleGraph, EnvironmentModuleNode, TransformResult } from "vite";
import type { ModuleFormat } from "../runtime/analysis/index.ts";
import type { FetchedModule, FetchRequest, RuntimeHost } from "../runtime/index.ts";
import { ModuleProblem } from "../runtime/index.ts";
import { withoutBakedKeys } from "./baked-environment.ts";
import { directTextsOf } from "./direct-texts.ts";
import type { EnvFiles } from "./env-files.ts";
import type { ReadFiles } from "../session/read-files.ts";
import { ProgramFiles } from "../project/program-files.ts";
import { adviceOnImport } from "../project/unresolved-import.ts";
import { resolveAsNode } from "../project/import-resolver.ts";
import { lowerSyntax } from "../project/lower-syntax.ts";
import { isPackageScript, requireModule } from "./required-module.ts";
import { forgetText } from "./server-environment.ts";
import { transformProblem } from "./transform-problem.ts";
import { displayName } from "../disk/file-names.ts";

/** What the modules are fetched for. */
export interface ModuleHostPorts {
  readonly root: string;
  /** Replaced when Vite restarts. */
  readonly environment: () => DevEnvironment;
  /** Called right before a file is read outside of Vite's pipeline. */
  readonly noteRead: (file: string) => void;
  /** Called right before a name is resolved outside of Vite's pipeline. */
  readonly noteResolution: (specifier: string, importer: string) => void;
  /** Reads a file's text so that every later write of it shows. */
  readonly readText: (file: string) => string | undefined;
  /** Replaced when Vite restarts. */
  readonly env: () => EnvFiles;
  readonly readFiles: ReadFiles;
  /** Server code begins to write files itself. Returns what to call when it is done. */
  readonly noteWrite: (files: readonly string[]) => () => void;
  /** Packages are files of the project. */
  readonly tracksPackages: boolean;
  readonly send: (event: string, data: unknown) => void;
  readonly notice: RuntimeHost["notice"];
}

/** Finds and transforms modules with Vite's environment `orbit_api`. */
export function createModuleHost(ports: ModuleHostPorts): RuntimeHost {
  const displayPath = (file: string): string => displayName(ports.root, file);
  const urlOf = (file: string): string => urlOfFile(file, ports.environment().config.root);
  const programs = new ProgramFiles(ports.root);
  const requirePorts = { ...ports, urlOf };
  // Whoever asks for a module while it is read gets the same text: two reads would leave one stamp.
  const reading = new Map<string, Promise<FetchedModule>>();
  const fetchOnce: FetchUrl = async (environment, url, linksHold) => {
    const underWay = reading.get(url);
    if (underWay !== undefined) return underWay;
    const fetched = fetchSource(environment, { url, linksHold }, { ...ports, displayPath });
    reading.set(url, fetched);
    try {
      return await fetched;
    } finally {
      reading.delete(url);
    }
  };
  return {
    fetch: async (request) => fetchModule(ports.environment(), request, fetchOnce),
    resolveAsNode,
    require: (specifier, importer) => requireModule(specifier, importer, requirePorts),
    parse: (code, file, format) => parseModule(code, { file, format }, displayPath),
    lower: lowerSyntax,
    importMetaEnv: (baked) => ports.env().importMetaEnv(baked),
    noteFileRead: (read) => ports.readFiles.noteRead(read),
    filesOfProgram: (file) => programs.of(file),
    forgetFileReads: (names) => ports.readFiles.forget(names),
    noteFileWrite(files) {
      const release = ports.readFiles.noteWrite(files);
      const end = ports.noteWrite(files);
      return () => {
        release?.();
        end();
      };
    },
    send: ports.send,
    notice: ports.notice,
    displayPath,
  };
}

/** The url under which Vite knows a file: one spelling each, because the first one asked for sticks. */
export function urlOfFile(file: string, root: string): string {
  const normal = normalizePath(file);
  const inside = normalizePath(root);
  return normal.startsWith(`${inside}/`) ? normal.slice(inside.length) : `/@fs/${normal.replace(/^\//, "")}`;
}

function parseModule(
  code: string,
  { file, format }: { readonly file: string | undefined; readonly format: ModuleFormat },
  displayPath: (file: string) => string,
): ReturnType<RuntimeHost["parse"]> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ESTree, as the analysis reads it: by key
    return parseAst(code, { sourceType: format }) as unknown as ReturnType<RuntimeHost["parse"]>;
  } catch (error) {
    throw file === undefined ? error : transformProblem(error, file, displayPath);
  }
}

type FetchUrl = (environment: DevEnvironment, url: string, linksHold: boolean) => Promise<FetchedModule>;

const BUILTINS = new Set(builtinModules);

async function fetchModule(
  environment: DevEnvironment,
  { specifier, importer, linksHold }: FetchRequest,
  fetchUrl: FetchUrl,
): Promise<FetchedModule> {
  if (specifier.startsWith("node:") || BUILTINS.has(specifier)) {
    return { kind: "external", url: specifier, isCommonJs: false };
  }
  if (isBare(specifier) && importer !== undefined) {
    const external = await findPackage(environment, specifier, importer);
    if (external !== undefined) return external;
  }
  const url = isUrl(specifier)
    ? withoutIdPrefix(specifier)
    : await resolveUrl(environment, specifier, importer);
  const file = fileOfUrl(url, environment.config.root);
  if (/\.c[jt]s$/.test(file) || isPackageScript(file))
    return { kind: "commonjs", id: normalizePath(file), url: urlOfFile(file, environment.config.root), file };
  return fetchUrl(environment, url, linksHold);
}

/** Ids that are no files reach code as `/@id/…`, with the mark of virtual modules spelled out. */
function withoutIdPrefix(url: string): string {
  return url.startsWith("/@id/") ? url.slice("/@id/".length).replace("__x00__", "\0") : url;
}

function isUrl(specifier: string): boolean {
  return specifier.startsWith("/") || specifier.startsWith("\0");
}

/** A package that Node loads. Bare names that plugins or settings lead into the project are none. */
async function findPackage(
  environment: DevEnvironment,
  specifier: string,
  importer: string,
): Promise<FetchedModule | undefined> {
  try {
    const fetched = await environment.fetchModule(specifier, importer);
    if (!("externalize" in fetched)) return undefined;
    return { kind: "external", url: fetched.externalize, isCommonJs: fetched.type === "commonjs" };
  } catch {
    // Not installed, for all that Node knows: what plugins know of it is asked next, and that has the last word.
    return undefined;
  }
}

type SourcePorts = Pick<ModuleHostPorts, "noteRead" | "readText" | "env"> & {
  readonly displayPath: (file: string) => string;
};

async function fetchSource(
  environment: DevEnvironment,
  { url, linksHold }: { readonly url: string; readonly linksHold: boolean },
  ports: SourcePorts,
): Promise<FetchedModule> {
  const { moduleGraph, config } = environment;
  const known = moduleGraph.urlToModuleMap.get(url);
  const file = fileOfUrl(url, config.root);
  const id = normalizePath(file);
  if (linksHold && known?.id === id) {
    const direct = await directTextsOf(environment).read(file, ports.readText);
    if (direct !== undefined) return { kind: "source", id, url, file, ...direct, inputs: [] };
  }
  if (known !== undefined) forgetText(environment, () => invalidateAlone(moduleGraph, known));
  try {
    return await fetchThroughVite(environment, url, ports);
  } catch (error) {
    const problem = transformProblem(error, known?.file ?? file, ports.displayPath);
    // A file that is gone is not read, and yet that is what was found.
    if (!existsSync(file)) ports.noteRead(file);
    return await describeBroken(moduleGraph, { url, file }, problem);
  }
}

/** A module of which there is a file, but no text that could run. */
async function describeBroken(
  graph: EnvironmentModuleGraph,
  { url, file }: { readonly url: string; readonly file: string },
  error: ModuleProblem,
): Promise<FetchedModule> {
  if (!path.isAbsolute(url) || !existsSync(file)) throw error;
  const node = await graph.getModuleByUrl(url);
  return { kind: "broken", id: node?.id ?? idOfUrl(url, file), url, file, error };
}

async function fetchThroughVite(
  environment: DevEnvironment,
  url: string,
  ports: SourcePorts,
): Promise<FetchedModule> {
  const result = await environment.transformRequest(url);
  const node = await environment.moduleGraph.getModuleByUrl(url);
  if (result === null || node?.id == null) throw new Error(`Cannot load ${url}.`);
  directTextsOf(environment).notePassed(node.id, result.code);
  await init();
  const code = withoutBakedKeys(result.code, (key) => ports.env().isPublic(key));
  const isAsset = environment.config.assetsInclude(node.file ?? "");
  return describeModule(node, node.id, url, { ...result, code, isAsset });
}

function describeModule(
  node: EnvironmentModuleNode,
  id: string,
  url: string,
  { code, map, isAsset }: Pick<TransformResult, "code" | "map"> & { readonly isAsset: boolean },
): FetchedModule {
  const file = node.file !== null && path.isAbsolute(node.file) ? path.normalize(node.file) : undefined;
  const { imported, isModule } = moduleSyntaxOf(code);
  if (file !== undefined && !isModule && COMMON_JS.test(code)) return { kind: "commonjs", id, url, file };
  const sourceMap = map !== null && "sources" in map ? map : undefined;
  return { kind: "source", id, url, file, code, map: sourceMap, inputs: inputsOf(node, imported), isAsset };
}

/**
 * Let Vite read a module again at its next fetch. Importers keep their transform: their text does not depend on it,
 * and walking all of them would cost more than the edit.
 */
function invalidateAlone(graph: EnvironmentModuleGraph, node: EnvironmentModuleNode): void {
  const { importers } = node;
  node.importers = new Set();
  try {
    graph.invalidateModule(node);
  } finally {
    node.importers = importers;
  }
}

/** Files that plugins named with `addWatchFile`: whatever the module imports beyond what its text says. */
function inputsOf(node: EnvironmentModuleNode, imported: ReadonlySet<string>): readonly string[] {
  return [...node.importedModules].flatMap(({ url, file }) =>
    // Modules that no file holds have texts of their own.
    imported.has(url) || file === null || !path.isAbsolute(file) ? [] : [file],
  );
}

/** What a text imports, and whether only a module could say it; all that can be told of one that does not parse. */
function moduleSyntaxOf(code: string): {
  readonly imported: ReadonlySet<string>;
  readonly isModule: boolean;
} {
  try {
    const [imports, , , isModule] = parse(code);
    return {
      imported: new Set(imports.flatMap(({ specifier }) => specifier ?? [])),
      isModule: isModule || imports.length > 0,
    };
  } catch {
    // Whoever parses it next says what is wrong.
    return { imported: new Set(), isModule: true };
  }
}

/** The text as CommonJS writes it. */
const COMMON_JS = /\bmodule\.exports\b|\bexports\.[\w$]+\s*=|\bexports\[/;

function isBare(specifier: string): boolean {
  return !/^[./\0]/.test(specifier) && !specifier.startsWith("file:") && !/^[a-z]:/i.test(specifier);
}

/** A relative specifier that Vite could not resolve when it transformed the importer, or one that code computed. */
async function resolveUrl(
  environment: DevEnvironment,
  specifier: string,
  importer: string | undefined,
): Promise<string> {
  const asked = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
  const resolved = await environment.pluginContainer.resolveId(asked, importer);
  if (resolved === null || resolved.id === specifier) {
    throw new ModuleProblem({
      kind: "unresolved",
      message: `Cannot find ${JSON.stringify(specifier)}.`,
      advice: importer === undefined ? undefined : adviceOnImport(specifier, importer),
    });
  }
  return path.isAbsolute(resolved.id) ? urlOfFile(resolved.id, environment.config.root) : resolved.id;
}

/** What Vite calls the module of a file, query and all. */
function idOfUrl(url: string, file: string): string {
  const query = url.indexOf("?");
  return normalizePath(file) + (query === -1 ? "" : url.slice(query));
}

function fileOfUrl(url: string, root: string): string {
  const [clean = url] = url.split("?");
  return path.normalize(clean.startsWith("/@fs/") ? clean.slice("/@fs".length) : path.join(root, clean));
}
