import { createRequire } from "node:module";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseAst, transformWithOxc } from "vite";
import { stripTypesSync } from "../../../src/project/strip-types.ts";
import { ModuleProblem } from "../../../src/runtime/index.ts";
import { asCommonJs, canBeCommonJs } from "./module-kinds.ts";
import type {
  FetchedModule,
  FetchRequest,
  FileRead,
  RequiredModule,
  RuntimeHost,
  RuntimeNotice,
} from "../../../src/runtime/index.ts";

/** Where the files of a memory project pretend to lie. */
export const ROOT = "/project";

const ENDINGS = ["", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".cts", ".json", "/index.ts", "/index.js"];
/** What is tested, as Node or the tests' own loader finds it. */
const STATE = new URL(
  process.env["ORBIT_COMPILED"] === undefined
    ? "../../../src/state/index.ts"
    : "../../../build/state/index.js",
  import.meta.url,
).href;
const nativeRequire = createRequire(import.meta.url);

/** A transformed text, remembered: many projects of a test run hold the same files. */
const transformed = new Map<
  string,
  Promise<{ code: string; map: { mappings: string; sources: string[] } | undefined }>
>();

/** How files are read that are not CommonJS by their names; `commonjs`: what can be said so is translated. */
export type MemoryFormat = "module" | "commonjs";

/** Finds, reads and transforms modules that are only strings. */
export class MemoryHost implements RuntimeHost {
  readonly files: Map<string, string>;
  readonly packages: ReadonlyMap<string, string>;
  readonly notices: RuntimeNotice[] = [];
  readonly sent: { readonly event: string; readonly data: unknown }[] = [];
  readonly forgotten: string[] = [];
  readonly written: string[] = [];
  environment: Record<string, string> = {};

  readonly #format: MemoryFormat;

  /** @param packages bare specifiers and the native files that they stand for */
  constructor(files: Map<string, string>, packages: ReadonlyMap<string, string>, format: MemoryFormat) {
    this.files = files;
    this.packages = packages;
    this.#format = format;
  }

  async fetch({ specifier, importer }: FetchRequest): Promise<FetchedModule> {
    if (specifier.startsWith("node:")) return { kind: "external", url: specifier, isCommonJs: false };
    if (specifier === "orbit-hmr/state") return { kind: "external", url: STATE, isCommonJs: false };
    if (!/^[./]/.test(specifier)) return this.#external(specifier);
    const file = this.find(specifier, importer);
    if (file === undefined) throw new Error(`Cannot find ${specifier} from ${importer ?? "nowhere"}`);
    if (/\.c[jt]s$/.test(file) || this.#isTranslated(file))
      return { kind: "commonjs", id: file, url: file, file };
    try {
      const { code, map } = await transform(file, this.#read(file));
      return { kind: "source", id: file, url: file, file, code, map, inputs: [] };
    } catch (error) {
      const problem = new ModuleProblem({ kind: "transform", message: String(error), file, cause: error });
      return { kind: "broken", id: file, url: file, file, error: problem };
    }
  }

  require(specifier: string, importer: string): RequiredModule {
    const file = /^[./]/.test(specifier) ? this.find(specifier, importer) : undefined;
    if (file === undefined) return { kind: "native", name: this.packages.get(specifier) ?? specifier };
    const isScript = /\.c[jt]s$|\.json$/.test(file) || this.#isTranslated(file);
    if (!isScript && !canBeCommonJs(this.#read(file))) return { kind: "module", id: file, url: file, file };
    const text = this.#isTranslated(file) ? asCommonJs(this.#read(file)) : this.#read(file);
    const script = /\.c?ts$/.test(file) ? stripTypesSync(file, text, "commonjs") : { code: text };
    return { kind: file.endsWith(".json") ? "json" : "commonjs", id: file, url: file, file, ...script };
  }

  resolveAsNode(specifier: string, importer: string): string | undefined {
    const file = this.find(specifier, importer);
    return file === undefined ? undefined : pathToFileURL(file).href;
  }

  /** Nothing of what is written here is newer than Node. */
  lower(): undefined {
    return undefined;
  }

  parse(...[code, , format]: Parameters<RuntimeHost["parse"]>): ReturnType<RuntimeHost["parse"]> {
    return parseAst(code, { sourceType: format }) as unknown as ReturnType<RuntimeHost["parse"]>;
  }

  importMetaEnv(baked: object): object {
    return { ...baked, ...this.environment };
  }

  noteFileRead({ path: file }: FileRead): readonly string[] {
    return file.startsWith(ROOT) || file.includes("/node_modules/") ? [] : [file];
  }

  filesOfProgram(file: string): readonly string[] {
    return [file];
  }

  forgetFileReads(names: readonly string[]): void {
    this.forgotten.push(...names);
  }

  noteFileWrite(files: readonly string[]): () => void {
    return () => void this.written.push(...files);
  }

  send(event: string, data: unknown): void {
    this.sent.push({ event, data });
  }

  notice(notice: RuntimeNotice): void {
    this.notices.push(notice);
  }

  displayPath(file: string): string {
    return path.posix.relative(ROOT, file);
  }

  find(specifier: string, importer: string | undefined): string | undefined {
    const stem = path.posix.resolve(importer === undefined ? ROOT : path.posix.dirname(importer), specifier);
    const candidates = [...ENDINGS.map((ending) => stem + ending), stem.replace(/\.js$/, ".ts")];
    return candidates.find((candidate) => this.files.has(candidate));
  }

  #isTranslated(file: string): boolean {
    const isScript = /\.c[jt]s$|\.json$/.test(file);
    return this.#format === "commonjs" && !isScript && canBeCommonJs(this.#read(file));
  }

  #read(file: string): string {
    const text = this.files.get(file);
    if (text === undefined) throw new Error(`There is no ${file}`);
    return text;
  }

  #external(specifier: string): FetchedModule {
    const file = this.packages.get(specifier) ?? nativeRequire.resolve(specifier);
    return { kind: "external", url: pathToFileURL(file).href, isCommonJs: file.endsWith(".cjs") };
  }
}

async function transform(
  file: string,
  text: string,
): Promise<{ code: string; map: { mappings: string; sources: string[] } | undefined }> {
  const key = `${file}\0${text}`;
  let result = transformed.get(key);
  if (result === undefined) {
    result = transformAnew(file, text);
    transformed.set(key, result);
  }
  return result;
}

async function transformAnew(
  file: string,
  text: string,
): Promise<{ code: string; map: { mappings: string; sources: string[] } | undefined }> {
  // What is opened meanwhile gets its turn, as it does where files are read.
  await setImmediate();
  const isTyped = /\.[cm]?tsx?$|\.jsx$/.test(file);
  const javascript = file.endsWith(".json")
    ? { code: jsonModule(text), map: null }
    : isTyped
      ? await transformWithOxc(text, file, { target: "esnext", sourcemap: true })
      : { code: text, map: null };
  return {
    code: javascript.code,
    map: (javascript.map ?? undefined) as { mappings: string; sources: string[] } | undefined,
  };
}

/** As Vite's JSON plugin has it: every top-level key is an export. */
function jsonModule(text: string): string {
  const json: unknown = JSON.parse(text);
  const names =
    typeof json === "object" && json !== null
      ? Object.keys(json).filter((key) => /^[a-z]\w*$/i.test(key))
      : [];
  const named = names.map(
    (name) => `export const ${name} = ${JSON.stringify((json as Record<string, unknown>)[name])};\n`,
  );
  return `${named.join("")}export default { ${names.join(", ")} };\n`;
}
