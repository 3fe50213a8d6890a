import { captures } from "./captures.ts";
import { callsOnMade } from "./calls-on-made.ts";
import { cellCandidates, classShapes } from "./cells.ts";
import { configuredImports } from "./configured-imports.ts";
import { hasDirective } from "./declarators.ts";
import { environmentReadLater, findEnvironment, mentionsEnvironment } from "./environment.ts";
import { evaluatedUnits } from "./evaluation.ts";
import { entryFills, memosOf, resetFills } from "./entry-fills.ts";
import { fillSources, globalFills } from "./fill-sources.ts";
import { GlobalNames } from "./global-names.ts";
import { globalUse } from "./globals.ts";
import { handedBack } from "./handed-back.ts";
import { isInert } from "./inert.ts";
import { lazyFills } from "./lazy-fills.ts";
import { readLinks } from "./links.ts";
import { importKeywords, importUses } from "./import-uses.ts";
import type { ModuleFormat } from "./module-model.ts";
import type { ModuleAnalysis } from "./module-analysis.ts";
import { findResourceInitializers } from "./resource-initializers.ts";
import { requiresUsedAtOnce } from "./required-uses.ts";
import { runtimeImports } from "./runtime-imports.ts";
import { statefulHandlers } from "./stateful-handlers.ts";
import type { Node } from "./syntax.ts";
import { topLevelBindings } from "./top-level-bindings.ts";
import { readModule } from "./visitors.ts";

/**
 * Learn from the text of a server module what decides whether it must run again when something it imports changes.
 *
 * `code` is the module as it is written in JavaScript, `program` the ESTree of that text. A CommonJS file is one as well,
 * of which only running tells what it exports. The answers err on one side:
 * a reference too many in `captured` or `lazy` costs an evaluation, one too few would serve old code.
 */
export function analyseModule(code: string, program: Node, format: ModuleFormat = "module"): ModuleAnalysis {
  const { imports, importedNames, exports, stars, moduleSyntax, statements } = readLinks(code, program);
  const model = readModule({ code, program, imports, importedNames, format }, statements);
  const evaluated = evaluatedUnits(model);
  const names = new GlobalNames(model);
  const bindings = topLevelBindings(model);
  findEnvironment(model, names);
  const captured = captures(model, evaluated);
  const entries = entryFills(model);
  const reset = resetFills(model, statements, entries);
  const lazy = lazyFills(model, evaluated, reset);
  const cells = cellCandidates(model, statements, lazy.bindings);
  return {
    imports,
    exports,
    stars,
    moduleSyntax,
    isStrict: format === "module" || hasDirective(statements, "use strict"),
    ...importUses(model),
    importKeywords: importKeywords(model),
    topLevelAwait: model.hasTopLevelAwait,
    topLevelBindings: bindings,
    captured: captured.references,
    handedOn: captured.handedOn,
    lazy: lazy.sources.references,
    capturedRequests: captured.requests,
    lazyRequests: lazy.sources.requests,
    lazyBindings: lazy.bindings,
    fillSources: fillSources(model, [...lazy.fills, ...entries, ...globalFills(model)]),
    callsOnMade: callsOnMade(model),
    capturedCode: captured.code.map(({ start, end }) => [start, end]),
    configuredImports: configuredImports(model, evaluated),
    globals: globalUse(model, names),
    isInert: isInert(statements, {
      own: new Set(bindings.map(({ name }) => name)),
      imported: importedNames,
    }),
    mentionsEnv: mentionsEnvironment(model),
    environmentLater: environmentReadLater(model),
    statefulHandlers: statefulHandlers(model),
    cells,
    resourceInitializers: findResourceInitializers({ model, statements, importedNames, cells }),
    memos: memosOf(
      model,
      entries.filter((fill) => !reset.includes(fill)),
    ),
    handedBack: handedBack(model, statements),
    classes: classShapes(statements),
    runtimeImports: {
      ...runtimeImports(model),
      requiresUsedAtOnce: requiresUsedAtOnce(model, evaluated),
    },
  };
}
