import path from "node:path";
import type {
  CellCandidate,
  FillSource,
  ModuleAnalysis,
  ResourceInitializer,
  StatefulHandlerCall,
} from "../analysis/index.ts";
import type { CompiledCommonJs, CompiledModule, Execution, ScriptScope } from "../model/compiled.ts";
import type { SourceMapLike } from "../host.ts";
import { compileText } from "./debugging.ts";
import { moduleSyntaxEdits, namesOfExports, receiverName, wholeName } from "./module-syntax.ts";
import { mapColumns } from "./stack-traces.ts";
import { applyEdits, columnsAfter, columnsBefore, insertion } from "./text-edits.ts";
import type { TextEdit } from "./text-edits.ts";

/** A text, and what is known of it. */
export interface CompileInit {
  readonly code: string;
  readonly analysis: ModuleAnalysis;
  readonly scriptName: string;
  readonly file: string;
  readonly map: SourceMapLike | undefined;
  /** See `LoweredText`. */
  readonly helpers?: object | undefined;
  /** Root-relative; names the module's stateful handlers. */
  readonly moduleName: string;
}

/** Compile a module's text. Positions stay those of the text, so its source map holds for it. */
export function compileModule(init: CompileInit): CompiledModule {
  const { code, analysis, scriptName } = init;
  const edits = editsOf(code, analysis, init.moduleName);
  const columnBefore = columnsBefore(code, edits);
  mapColumns(scriptName, columnBefore);
  const isAsync = analysis.topLevelAwait;
  const prefix = `return (${isAsync ? "async " : ""}function*(){"use strict";${headerOf(analysis)}yield;`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns a generator of either kind
  const factory = compileText({
    ...init,
    body: `${prefix}${applyEdits(code, edits)}\n})()`,
    prefixLength: prefix.length,
    columnAfter: columnsAfter(code, edits),
    parameters: [
      ...ofRuntime(init),
      "__vite_ssr_exportName__",
      "__vite_ssr_import_meta__",
      ...analysis.imports.flatMap(({ local }) => [local, wholeName(local), receiverName(local)]),
    ],
  }) as (...scope: unknown[]) => Execution["steps"];
  return {
    format: "module",
    scriptName,
    columnBefore,
    start(scope) {
      const steps = factory(
        ...handedOver(init, scope),
        scope.exportName,
        scope.importMeta,
        ...scope.imports.flatMap(({ names, value, receiver }) => [names, value, receiver]),
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `isAsync` chose which generator it is
      return { kind: isAsync ? "async" : "sync", steps } as Execution;
    },
  };
}

/**
 * Compile a CommonJS file as Node does, with `module`, `exports`, `require` and the two names; what is kept of it is kept
 * like that of a module.
 */
export function compileCommonJs(init: CompileInit): CompiledCommonJs {
  const { code, analysis, scriptName } = init;
  const edits = editsOf(code, analysis, init.moduleName);
  const columnBefore = columnsBefore(code, edits);
  mapColumns(scriptName, columnBefore);
  // A directive counts at the beginning only.
  const header = (analysis.isStrict ? `"use strict";` : "") + headerOf(analysis);
  const prefix = `return function(exports,require,module,__filename,__dirname){${header}`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text returns a function with these parameters
  const factory = compileText({
    ...init,
    body: `${prefix}${applyEdits(code, edits)}\n}`,
    prefixLength: prefix.length,
    columnAfter: columnsAfter(code, edits),
    parameters: ofRuntime(init),
  }) as (...scope: unknown[]) => (...names: unknown[]) => void;
  return {
    format: "commonjs",
    scriptName,
    columnBefore,
    run({ module, require }, scope) {
      const { exports, filename } = module;
      const run = factory(...handedOver(init, scope));
      run.call(exports, exports, require, module, filename, path.dirname(filename));
      return module.exports;
    },
  };
}

/** How running code calls what the runtime hands to texts of both kinds. */
const OF_RUNTIME: readonly string[] = [
  "__vite_ssr_dynamic_import__",
  "__orbit_topLevel__",
  "__orbit_cell__",
  "__orbit_open__",
  "__orbit_begin__",
  "__orbit_end__",
];

function ofRuntime({ helpers }: CompileInit): readonly string[] {
  return helpers === undefined ? OF_RUNTIME : [...OF_RUNTIME, "babelHelpers"];
}

function handedOver({ helpers }: CompileInit, scope: ScriptScope): readonly unknown[] {
  const { dynamicImport, topLevel, cell, open, beginFill, endFill } = scope;
  const values = [dynamicImport, topLevel, cell, open, beginFill, endFill];
  return helpers === undefined ? values : [...values, helpers];
}

/** What others need from a module is there before anything of it runs. */
function headerOf(analysis: ModuleAnalysis): string {
  const getters = analysis.topLevelBindings.map(({ name }) => `${name}:()=>${name}`).join(",");
  const setters = analysis.topLevelBindings
    .filter(({ kind }) => kind === "let" || kind === "var")
    .map(({ name }) => `${name}:(__orbit_value__)=>{${name}=__orbit_value__}`)
    .join(",");
  return `__orbit_topLevel__({${getters}},{${setters}});${namesOfExports(analysis)}`;
}

/** A stateful handler is known by file and binding: that survives when other lines move. */
function identityArgument(call: StatefulHandlerCall, moduleName: string): string {
  const absent = Array.from({ length: 3 - call.arguments }, () => "undefined");
  const added = [...absent, JSON.stringify(`${moduleName}:${call.name}`)].join(", ");
  return call.arguments === 0 ? added : `, ${added}`;
}

/** Turn module syntax into what a function can hold; name stateful handlers; keep cells. */
function editsOf(code: string, analysis: ModuleAnalysis, moduleName: string): readonly TextEdit[] {
  return [
    ...moduleSyntaxEdits(code, analysis),
    ...analysis.statefulHandlers.map((call) => insertion(call.insertAt, identityArgument(call, moduleName))),
    ...analysis.cells.flatMap(cellEdits),
    // Last, so that what stands at the end of an initializer ends up inside.
    ...analysis.resourceInitializers.flatMap(resourceEdits),
    ...analysis.fillSources.flatMap(fillEdits),
    // A value without a name was the end of a statement; now it is an initializer that the next line could go on with.
    ...analysis.moduleSyntax.flatMap(({ kind, end }) => (kind === "default" ? [insertion(end, ";")] : [])),
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

/** `text ??= read(name)` becomes `text ??= end(begin(0),(read(name)))`: in between, it is known what is read for it. */
function fillEdits({ range: [start, end] }: FillSource, index: number): readonly TextEdit[] {
  return [insertion(start, `__orbit_end__(__orbit_begin__(${index}),(`), insertion(end, "))")];
}
