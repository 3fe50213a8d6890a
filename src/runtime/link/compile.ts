import { compileFunction, constants } from "node:vm";
import type {
  CellCandidate,
  ModuleAnalysis,
  NamespaceUse,
  ResourceInitializer,
  StatefulHandlerCall,
} from "../analysis/index.ts";
import type { Getter } from "../model/module-record.ts";
import { applyEdits, columnsBefore } from "./text-edits.ts";
import type { TextEdit } from "./text-edits.ts";

export type Setter = (value: unknown) => void;

/** What top-level code can call; the names are those of Vite's module-runner transform. */
export interface ModuleScope {
  /** By static import, in source order. */
  readonly imports: readonly ImportSite[];
  readonly dynamicImport: (specifier: string) => Promise<object>;
  readonly exportName: (name: string, getter: Getter) => void;
  /** Where a JSON module puts its `default`. */
  readonly exports: Record<string, unknown>;
  readonly importMeta: object;
  readonly topLevel: (
    getters: Readonly<Record<string, Getter>>,
    setters: Readonly<Record<string, Setter>>,
  ) => void;
  /** Called where a kept binding is declared; the text goes on with what it returns in the binding's place. */
  readonly cell: (name: string, initialize: Getter) => object;
  /** Called in place of an initializer that may open something; returns its value, or a promise where it is awaited. */
  readonly open: (name: string, initialize: Getter) => unknown;
}

/** The objects by which a text reaches what it imports at one site. */
export interface ImportSite {
  /** Has a getter for each name that the text spells out. */
  readonly names: object;
  /** Stands for the namespace where the text means it as a value. */
  readonly value: object | undefined;
  /** Stands for the namespace where a name of it is called: what `names` has, and `this` is the namespace. */
  readonly receiver: object | undefined;
}

/**
 * A module's top level, in two steps as the language has them: the first `next()` instantiates it (function
 * declarations exist, imports and exports are known: that is what lets cycles work), the second one evaluates it.
 */
export type Execution =
  | { readonly kind: "sync"; readonly steps: Iterator<void, void> }
  | { readonly kind: "async"; readonly steps: AsyncIterator<void, void> };

export interface CompiledModule {
  readonly format: "module";
  /** The script name in stack traces: unlike the file, it tells one text of it from the next. */
  readonly scriptName: string;
  /** Where a position of the running text was before it was edited; line and column count from 1. */
  readonly columnBefore: (line: number, column: number) => number;
  start(scope: ModuleScope): Execution;
}

/** Compile transformed text. Positions stay those of the text, so its source map holds for it. */
export function compileModule(init: {
  readonly code: string;
  readonly analysis: ModuleAnalysis;
  readonly scriptName: string;
  /** Root-relative; names the module's stateful handlers. */
  readonly moduleName: string;
}): CompiledModule {
  const { code, analysis, scriptName } = init;
  const edits = editsOf(code, analysis, init.moduleName);
  const isAsync = analysis.topLevelAwait;
  const namespaces = FORMS.flatMap((form) => analysis.imports.map(({ local }) => namespaceName(local, form)));
  const getters = analysis.topLevelBindings.map(({ name }) => `${name}:()=>${name}`).join(",");
  const setters = analysis.topLevelBindings
    .filter(({ kind }) => kind === "let" || kind === "var")
    .map(({ name }) => `${name}:(__orbit_value__)=>{${name}=__orbit_value__}`)
    .join(",");
  const start = `return (${isAsync ? "async " : ""}function*(){"use strict";__orbit_topLevel__({${getters}},{${setters}});`;
  const prefix = endOfHeader(code) === 0 ? `${start}yield;` : start;
  // `compileFunction`, not eval: V8's eval cache would keep every version of the text alive.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns a generator of either kind
  const factory = compileFunction(
    `${prefix}${pauseAfterHeader(applyEdits(code, edits))}\n})()`,
    [
      "__vite_ssr_import__",
      "__vite_ssr_dynamic_import__",
      "__vite_ssr_exportAll__",
      "__vite_ssr_exportName__",
      "__vite_ssr_exports__",
      "__vite_ssr_import_meta__",
      "__orbit_topLevel__",
      "__orbit_cell__",
      "__orbit_open__",
      ...namespaces,
    ],
    {
      filename: scriptName,
      columnOffset: -prefix.length,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  ) as (...scope: unknown[]) => Execution["steps"];
  return {
    format: "module",
    scriptName,
    columnBefore: columnsBefore(code, edits),
    start(scope) {
      const sites = scope.imports.values();
      const steps = factory(
        // Called once per static import: everything is linked before anything runs.
        () => sites.next().value?.names,
        scope.dynamicImport,
        ignoreExportAll,
        scope.exportName,
        scope.exports,
        scope.importMeta,
        scope.topLevel,
        scope.cell,
        scope.open,
        ...FORMS.flatMap((form) => scope.imports.map((site) => site[form])),
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `isAsync` chose which generator it is
      return { kind: isAsync ? "async" : "sync", steps } as Execution;
    },
  };
}

/** `export *` is known from the analysis; the statement itself has nothing left to do. */
function ignoreExportAll(): void {}

/** A stateful handler is known by file and binding: that survives when other lines move. */
function identityArgument(call: StatefulHandlerCall, moduleName: string): string {
  const absent = Array.from({ length: 3 - call.arguments }, () => "undefined");
  const added = [...absent, JSON.stringify(`${moduleName}:${call.name}`)].join(", ");
  return call.arguments === 0 ? added : `, ${added}`;
}

const FORMS: readonly NamespaceUse["form"][] = ["value", "receiver"];

/** Same length as the name of the import site, so that no column moves. */
function namespaceName(local: string, form: NamespaceUse["form"]): string {
  return `${local.slice(0, -2)}${form === "value" ? "$$" : "_$"}`;
}

/** Blank the `await` of static imports, which are linked already; name namespaces and stateful handlers; keep cells. */
function editsOf(code: string, analysis: ModuleAnalysis, moduleName: string): readonly TextEdit[] {
  return [
    ...analysis.imports.map(({ awaitRange: [start, end] }) => ({
      start,
      end,
      text: " ".repeat(end - start),
    })),
    ...analysis.namespaceUses.map(({ range: [start, end], form }) => ({
      start,
      end,
      text: namespaceName(code.slice(start, end), form),
    })),
    ...analysis.statefulHandlers.map((call) => insertion(call.insertAt, identityArgument(call, moduleName))),
    ...analysis.cells.flatMap(cellEdits),
    // Last, so that what stands at the end of an initializer ends up inside.
    ...analysis.resourceInitializers.flatMap(resourceEdits),
  ].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** `let n = 0; n++; f({ n })` becomes `let n = cell("n",()=>(0)); n.v++; f({ n: n.v })`. */
function cellEdits({ name, declared, initializer, references }: CellCandidate): readonly TextEdit[] {
  const make = `__orbit_cell__(${JSON.stringify(name)},()=>(`;
  const declaration =
    initializer === undefined
      ? [insertion(declared[1], `=${make}void 0))`)]
      : [insertion(initializer[0], make), insertion(initializer[1], "))")];
  return [
    ...declaration,
    ...references.map(({ range: [start, end], form }) => {
      if (form === "called") return { start, end, text: `(0,${name}.v)` };
      return insertion(end, form === "shorthand" ? `:${name}.v` : ".v");
    }),
  ];
}

/** `const pool = new Pool(url)` becomes `const pool = open("pool",()=>(new Pool(url)))`. */
function resourceEdits({ name, initializer, isAwaited }: ResourceInitializer): readonly TextEdit[] {
  const [wait, async] = isAwaited ? ["await ", "async"] : ["", ""];
  return [
    insertion(initializer[0], `${wait}__orbit_open__(${JSON.stringify(name)},${async}()=>(`),
    insertion(initializer[1], "))"),
  ];
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

/** What a module needs from others and what others need from it is there before anything runs. */
function pauseAfterHeader(code: string): string {
  const end = endOfHeader(code);
  if (end === 0) return code;
  return code[end - 1] === "\n" ? `${code.slice(0, end - 1)}yield;\n${code.slice(end)}` : `${code};yield;`;
}

const EXPORT = /__vite_ssr_exportName__\(.*\n?/y;
const EXPORT_OR_IMPORT = /(?:__vite_ssr_export(?:Name|All)__\(|const __vite_ssr_import_\d+__ = ).*\n?/y;

/** The transform puts all exports first, one statement a line. */
export function endOfExports(code: string): number {
  return endOfLines(code, EXPORT);
}

/** Behind the exports come all imports, one statement a line as well. */
function endOfHeader(code: string): number {
  return endOfLines(code, EXPORT_OR_IMPORT);
}

function endOfLines(code: string, line: RegExp): number {
  // What was a hashbang is a comment by now.
  let end = code.startsWith("//") ? code.indexOf("\n") + 1 : 0;
  const start = end;
  for (line.lastIndex = end; line.test(code);) end = line.lastIndex;
  return end === start ? 0 : end;
}
