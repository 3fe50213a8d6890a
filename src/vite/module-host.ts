import { existsSync, readFileSync, realpathSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { normalizePath, parseAst } from "vite";
import type { DevEnvironment, EnvironmentModuleGraph, EnvironmentModuleNode, TransformResult } from "vite";
import type { FetchedModule, FetchRequest, RequiredModule, RuntimeHost } from "../runtime/index.ts";
import { ModuleProblem } from "../runtime/index.ts";
import { withoutBakedKeys } from "./baked-environment.ts";
import type { EnvFiles } from "./env-files.ts";
import type { ReadFiles } from "../session/read-files.ts";
import { readSettings } from "../disk/project-settings.ts";
import { stripTypesSync } from "../project/strip-types.ts";
import { transformProblem } from "./transform-problem.ts";
import { displayName } from "../disk/file-names.ts";
import { isOfPackage } from "../protocol/package-files.ts";

/** What the modules are fetched for. */
export interface ModuleHostPorts {
  readonly root: string;
  /** Replaced when Vite restarts. */
  readonly environment: () => DevEnvironment;
  /** Called right before a file is read outside of Vite's pipeline. */
  readonly noteRead: (file: string) => void;
  /** Called right before a name is resolved outside of Vite's pipeline. */
  readonly noteResolution: (specifier: string, importer: string) => void;
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
  // Whoever asks for a module while it is read gets the same text: two reads would leave one stamp.
  const reading = new Map<string, Promise<FetchedModule>>();
  const fetchOnce = async (environment: DevEnvironment, url: string): Promise<FetchedModule> => {
    const underWay = reading.get(url);
    if (underWay !== undefined) return underWay;
    const fetched = fetchSource(environment, url, { ...ports, displayPath });
    reading.set(url, fetched);
    try {
      return await fetched;
    } finally {
      reading.delete(url);
    }
  };
  return {
    fetch: async (request) => fetchModule(ports.environment(), request, fetchOnce),
    require: (specifier, importer) => requireModule(specifier, importer, ports),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ESTree, as the analysis reads it: by key
    parse: (code) => parseAst(code, { sourceType: "module" }) as unknown as ReturnType<RuntimeHost["parse"]>,
    importMetaEnv: (baked) => ports.env().importMetaEnv(baked),
    noteFileRead: (read) => ports.readFiles.noteRead(read),
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

const BUILTINS = new Set(builtinModules);

async function fetchModule(
  environment: DevEnvironment,
  { specifier, importer }: FetchRequest,
  fetchUrl: (environment: DevEnvironment, url: string) => Promise<FetchedModule>,
): Promise<FetchedModule> {
  if (specifier.startsWith("node:") || BUILTINS.has(specifier)) {
    return { kind: "external", url: specifier, interop: false };
  }
  if (isBare(specifier) && importer !== undefined) {
    const external = await findPackage(environment, specifier, importer);
    if (external !== undefined) return external;
  }
  const url = isUrl(specifier)
    ? withoutIdPrefix(specifier)
    : await resolveUrl(environment, specifier, importer);
  const file = fileOfUrl(url, environment.config.root);
  if (file.endsWith(".cjs") || isPackageScript(file))
    return { kind: "commonjs", id: normalizePath(file), file };
  return fetchUrl(environment, url);
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
    return { kind: "external", url: fetched.externalize, interop: fetched.type === "commonjs" };
  } catch {
    // Not installed, for all that Node knows: what plugins know of it is asked next, and that has the last word.
    return undefined;
  }
}

async function fetchSource(
  environment: DevEnvironment,
  url: string,
  ports: Pick<ModuleHostPorts, "noteRead" | "env"> & { readonly displayPath: (file: string) => string },
): Promise<FetchedModule> {
  const graph = environment.moduleGraph;
  const known = graph.urlToModuleMap.get(url);
  if (known !== undefined) invalidateAlone(graph, known);
  const expected = fileOfUrl(url, environment.config.root);
  try {
    const result = await environment.transformRequest(url);
    const node = await graph.getModuleByUrl(url);
    if (result === null || node?.id == null) throw new Error(`Cannot load ${url}.`);
    const code = withoutBakedKeys(result.code, (key) => ports.env().isPublic(key));
    return describeModule(node, node.id, url, { ...result, code });
  } catch (error) {
    const problem = transformProblem(error, known?.file ?? expected, ports.displayPath);
    // A file that is gone is not read, and yet that is what was found.
    if (!existsSync(expected)) ports.noteRead(expected);
    if (!path.isAbsolute(url) || !existsSync(expected)) throw problem;
    const node = await graph.getModuleByUrl(url);
    return { kind: "broken", id: node?.id ?? idOfUrl(url, expected), url, file: expected, error: problem };
  }
}

function describeModule(
  node: EnvironmentModuleNode,
  id: string,
  url: string,
  result: TransformResult,
): FetchedModule {
  const { code, map } = result;
  const file = node.file !== null && path.isAbsolute(node.file) ? path.normalize(node.file) : undefined;
  if (file !== undefined && isCommonJs(code)) return { kind: "commonjs", id, file };
  const sourceMap = map !== null && "sources" in map ? map : undefined;
  return { kind: "source", id, url, file, code, map: sourceMap, inputs: inputsOf(node, result) };
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
function inputsOf(
  node: EnvironmentModuleNode,
  result: Pick<TransformResult, "deps" | "dynamicDeps">,
): readonly string[] {
  const imported = new Set([...(result.deps ?? []), ...(result.dynamicDeps ?? [])]);
  return [...node.importedModules].flatMap(({ url, file }) =>
    // Modules that no file holds have texts of their own.
    imported.has(url) || file === null || !path.isAbsolute(file) ? [] : [file],
  );
}

/** The text as CommonJS writes it, and nothing that only a module could say. */
function isCommonJs(code: string): boolean {
  if (/__vite_ssr_(import|exportName|exportAll|dynamic_import)__|__vite_ssr_exports__/.test(code))
    return false;
  return /\bmodule\.exports\b|\bexports\.[\w$]+\s*=|\bexports\[/.test(code);
}

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
  if (resolved === null) {
    throw new ModuleProblem({ kind: "unresolved", message: `Cannot find ${JSON.stringify(specifier)}.` });
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

/** Node's own resolution, as `require` has it; files of the project are read here, packages are Node's. */
function requireModule(
  specifier: string,
  importer: string,
  { noteRead, noteResolution, tracksPackages }: ModuleHostPorts,
): RequiredModule {
  if (/^\.{0,2}\//.test(specifier)) noteResolution(specifier, importer);
  const resolved = createRequire(pathToFileURL(importer)).resolve(specifier);
  const isNodes = isOfPackage(resolved) && (!tracksPackages || OWN_PACKAGE.test(resolved));
  if (!path.isAbsolute(resolved) || isNodes || resolved.endsWith(".node")) return { kind: "native" };
  const file = realpathSync(resolved);
  noteRead(file);
  const code = readFileSync(file, "utf8");
  const id = normalizePath(file);
  if (file.endsWith(".json")) return { kind: "json", id, file, code };
  try {
    return { kind: "commonjs", id, file, code: requiredScript(file, code, importer) };
  } catch (error) {
    return { kind: "broken", id, file, error: transformProblem(error, file, (name) => path.basename(name)) };
  }
}

function requiredScript(file: string, code: string, importer: string): string {
  const isModule = /\.m[jt]s$/.test(file);
  const script = !isModule && /\.c?tsx?$/.test(file) ? stripTypesSync(file, code, "commonjs") : code;
  if (!isModule && !MODULE_SYNTAX.test(script)) return script;
  throw new ModuleProblem({
    kind: "evaluation",
    message: `${path.basename(file)} is an ES module and cannot be required. Use import or import().`,
    file: importer,
  });
}

const MODULE_SYNTAX = /^\s*(import|export)\b(?!\s*\()/m;
const OWN_PACKAGE = /[\\/]node_modules[\\/]orbit-hmr[\\/]/;

/** Packages without `"type": "module"` are scripts, unless they are written for bundlers alone. */
function isPackageScript(file: string): boolean {
  if (!isOfPackage(file) || !file.endsWith(".js")) return false;
  const type = typeOfPackage(path.dirname(file));
  return type !== "module" && !MODULE_SYNTAX.test(readFileSync(file, "utf8"));
}

function typeOfPackage(folder: string): unknown {
  const manifest = path.join(folder, "package.json");
  if (existsSync(manifest)) return readSettings(manifest)?.["type"];
  return path.basename(path.dirname(folder)) === "node_modules"
    ? undefined
    : typeOfPackage(path.dirname(folder));
}
