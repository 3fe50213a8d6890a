import { analyseModule } from "../analysis/index.ts";
import type { ModuleAnalysis, ModuleFormat, Node } from "../analysis/index.ts";
import { compileCommonJs, compileModule } from "./compile.ts";
import type { CompileInit } from "./compile.ts";
import { fingerprintOf } from "../analysis/fingerprint.ts";
import type { LoweredText, RequiredModule, RuntimeHost, ScriptText, SourceMapLike } from "../host.ts";
import { broken } from "./link-problems.ts";
import type { CompiledCommonJs, CompiledModule } from "../model/compiled.ts";
import type { Importable, ModuleRecord } from "../model/module-record.ts";
import { linked, saysTheSame } from "../model/module-source.ts";
import type { BrokenSource, ModuleSource, UnresolvedImport } from "../model/module-source.ts";
import { placesIn } from "./moved-text.ts";
import type { TextPosition } from "../../protocol/text-position.ts";
import { inKnownSyntax, notCompiled } from "./older-syntax.ts";
import { SyntaxFault } from "./debugging.ts";
import { moveScript, registerScript } from "./stack-traces.ts";

/** A module's text before its imports are resolved. */
export type UnlinkedSource = Omit<ModuleSource, "imports" | "knownLateImports">;

let texts = 0;

/** How many earlier texts of a module keep their source map: old generations may still throw. */
const REMEMBERED_TEXTS = 3;

/** Text that can stand inside other text; no position moves. */
export function withoutHashbang(code: string): string {
  return code.startsWith("#!") ? `//${code.slice(2)}` : code;
}

const scriptsOf = new WeakMap<ModuleRecord, Map<string, () => void>>();

/** From how many characters on a text is compared as it stands. */
const LARGE = 200_000;

/** How the texts of a module are read. */
export interface TextReader {
  readonly parse: (code: string) => Node;
  readonly lower: (text: ScriptText) => LoweredText | undefined;
}

/** What a host reads texts with. */
export function readerOf(host: RuntimeHost, file: string | undefined, format: ModuleFormat): TextReader {
  return {
    parse: (code) => host.parse(code, file, format),
    lower: (text) => host.lower(text, format),
  };
}

/** Analyse and compile a module's text. Throws a {@link ModuleProblem} for text that Node cannot compile. */
export function readSource(
  module: ModuleRecord,
  { inputs, ...text }: ScriptText & { readonly inputs: readonly string[] },
  reader: TextReader,
): UnlinkedSource {
  const { parse } = reader;
  return inKnownSyntax(
    text,
    ({ code: given, map, helpers }) => {
      const code = withoutHashbang(given);
      const program = parse(code);
      const analysis = analyseModule(code, program);
      // Before a text with `import.meta` stands what nobody has printed: the environment.
      const isAsPrinted = analysis.importKeywords.every(({ kind }) => kind !== "meta");
      const isCanonical = PRINTED.test(module.file ?? "") && isAsPrinted && !/\/[/*]/.test(code);
      return {
        kind: "linked",
        code,
        map,
        inputs,
        analysis,
        isCanonical,
        compiled: compileWith(compileModule, module, { code, program, analysis, map, helpers }),
        fingerprint: isCanonical ? lazyFingerprint(code, parse) : fingerprintNow(code, program),
      };
    },
    reader.lower,
  );
}

/** What a compiler has read types or JSX from, and printed. */
const PRINTED = /\.(?:m?ts|[jt]sx)$/;

function fingerprintNow(code: string, program: Node): () => string {
  // Of a large text it costs more to see that an edit does nothing than to run it.
  const fingerprint = code.length > LARGE ? code : fingerprintOf(program);
  return () => fingerprint;
}

/** Computed when it is asked for: the characters alone tell nearly all texts apart. */
function lazyFingerprint(code: string, parse: (code: string) => Node): () => string {
  let fingerprint: string | undefined;
  return () => (fingerprint ??= fingerprintNow(code, parse(code))());
}

/** What `require` has found: its text, as far as it can run. */
export function readRequired(
  module: ModuleRecord,
  found: RequiredText | Extract<RequiredModule, { readonly kind: "broken" }>,
  reader: TextReader,
): ModuleSource | BrokenSource {
  if (found.kind === "broken") return broken(module, found.error);
  const before = linked(module.source);
  if (before?.code === withoutHashbang(found.code)) return remapped(module, before, found.map);
  try {
    return found.kind === "json" ? readJson(module, found) : readScript(module, found, reader);
  } catch (error) {
    return broken(module, error);
  }
}

/** Compile a text under a name of its own, by which stack traces find back to it. */
function compileWith<Compiled extends CompiledModule | CompiledCommonJs>(
  compile: (init: CompileInit) => Compiled,
  module: ModuleRecord,
  {
    program,
    ...text
  }: Pick<CompileInit, "code" | "analysis" | "map" | "helpers"> & { readonly program: Node },
): Compiled {
  const scriptName = nameScript(module, text.map);
  try {
    return compile({ ...text, scriptName, file: fileOf(module), moduleName: module.displayName });
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw notCompiled(module, error, { code: text.code, program, scriptName });
  }
}

type RequiredText = Extract<RequiredModule, { readonly kind: "json" | "commonjs" }>;

/** Analyse and compile a script. What it imports and exports is known when it runs. */
function readScript(module: ModuleRecord, text: RequiredText, reader: TextReader): ModuleSource {
  const source = inKnownSyntax(
    text,
    ({ code: given, map, helpers }) => {
      const code = withoutHashbang(given);
      const program = reader.parse(code);
      const analysis = withoutHiddenNames(code, analyseModule(code, program, "commonjs"));
      const compiled = compileWith(compileCommonJs, module, { code, program, analysis, map, helpers });
      return { ...NO_LINKS, code, map, analysis, fingerprint: fingerprintNow(code, program), compiled };
    },
    reader.lower,
  );
  followText(module, source, reader);
  return source;
}

/** In a `with` statement nobody can tell what a name means: there, none can be another one. */
function withoutHiddenNames(code: string, analysis: ModuleAnalysis): ModuleAnalysis {
  if (analysis.isStrict || !/\bwith\s*\(/.test(code)) return analysis;
  return { ...analysis, cells: [], resourceInitializers: [] };
}

function readJson(module: ModuleRecord, { code, map }: RequiredText): ModuleSource {
  const parsed: unknown = JSON.parse(code);
  const scriptName = nameScript(module, map);
  const compiled = { format: "commonjs", scriptName, columnBefore: unmoved, run: () => parsed } as const;
  return { ...NO_LINKS, code, map, analysis: NOTHING_KNOWN, fingerprint: () => code, compiled };
}

function unmoved(_line: number, column: number): number {
  return column;
}

const NO_LINKS = {
  kind: "linked",
  inputs: [],
  isCanonical: false,
  imports: [],
  knownLateImports: () => [],
} as const;

/** A text that is as it was, made from another one: code that runs points to where that says it. */
function remapped(module: ModuleRecord, source: ModuleSource, map: SourceMapLike | undefined): ModuleSource {
  if (map?.mappings === source.map?.mappings) return source;
  const running = module.live?.source;
  if (running?.code === source.code)
    moveScript(running.compiled.scriptName, { map, placeNow: (place) => place });
  return { ...source, map };
}

/** The text with what its imports lead to. */
export function linkSource(
  source: UnlinkedSource,
  imports: readonly (Importable | UnresolvedImport)[],
  knownLateImports: () => readonly ModuleRecord[],
): ModuleSource {
  return { ...source, imports, knownLateImports };
}

function fileOf({ file, id }: ModuleRecord): string {
  return file ?? id;
}

function nameScript(module: ModuleRecord, map: SourceMapLike | undefined): string {
  const file = fileOf(module);
  const scriptName = `${file}?orbit=${++texts}`;
  const forgetters = scriptsOf.get(module) ?? new Map<string, () => void>();
  forgetters.set(scriptName, registerScript(scriptName, file, map));
  for (const [name, forget] of forgetters) {
    if (forgetters.size <= REMEMBERED_TEXTS) break;
    // What runs may have been read long ago, if all edits since have changed nothing.
    if (name === module.live?.source.compiled.scriptName) continue;
    forget();
    forgetters.delete(name);
  }
  scriptsOf.set(module, forgetters);
  return scriptName;
}

/** Let code that runs point to where its text stands now, if the newest text says the same. */
export function followText(module: ModuleRecord, now: UnlinkedSource, { parse }: TextReader): void {
  const running = module.live?.source;
  if (running === undefined || !saysTheSame(running, now)) return;
  const parsed = (code: string): { code: string; program: Node } => ({ code, program: parse(code) });
  let placeNow: ((place: TextPosition) => TextPosition) | undefined;
  moveScript(running.compiled.scriptName, {
    map: now.map,
    // Computed when it is asked for: only a stack trace needs it.
    placeNow: (place) => (placeNow ??= placesIn(parsed(running.code), parsed(now.code)))(place),
  });
}

const NOTHING_KNOWN: ModuleAnalysis = {
  imports: [],
  exports: new Map(),
  stars: [],
  mentions: [],
  moduleSyntax: [],
  isStrict: false,
  importUses: [],
  importKeywords: [],
  topLevelAwait: false,
  topLevelBindings: [],
  captured: [],
  handedOn: [],
  capturedRequests: [],
  lazy: [],
  lazyRequests: [],
  lazyBindings: [],
  fillSources: [],
  callsOnMade: [],
  capturedCode: [],
  configuredImports: [],
  globals: { written: [], mentioned: [] },
  isInert: false,
  mentionsEnv: true,
  environmentLater: ["*"],
  statefulHandlers: [],
  cells: [],
  resourceInitializers: [],
  memos: [],
  handedBack: [],
  classes: [],
  runtimeImports: {
    dynamic: [],
    hasComputedDynamicImport: false,
    requires: [],
    requiresUsedAtOnce: [],
    hasComputedRequire: false,
    mentionsCommonJs: true,
  },
};
