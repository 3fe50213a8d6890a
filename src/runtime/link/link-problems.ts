import { PackageLoadError } from "./external.ts";
import { importErrorCode } from "./import-error-code.ts";
import type { Importable, ModuleRecord } from "../model/module-record.ts";
import type { BrokenSource, ModuleSource, UnresolvedImport } from "../model/module-source.ts";
import { messageOf } from "../../protocol/message-of.ts";
import { ModuleProblem, withHint } from "../model/problems.ts";
import type { ProblemKind } from "../model/problems.ts";
import type { SourcePosition } from "../../protocol/text-position.ts";
import { checkNamedImports, positionInSource } from "./named-imports.ts";

/** What stops a set of modules from running, dependencies first: the first problem in import order. */
export function findLinkProblem(modules: Iterable<ModuleRecord>): ModuleProblem | undefined {
  for (const module of modules) {
    const { source } = module;
    if (source === undefined) continue;
    if (source.kind === "broken") return source.problem;
    const unresolved = source.imports.find(isUnresolved);
    if (unresolved !== undefined) return unresolvedProblem(module, source, unresolved);
    const missing = checkNamedImports(module, source);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

/** What there is of a module whose text cannot be had. */
export function broken(module: ModuleRecord, error: unknown, kind: ProblemKind = "transform"): BrokenSource {
  if (error instanceof ModuleProblem) return { kind: "broken", problem: error };
  const message = messageOf(error);
  return {
    kind: "broken",
    problem: new ModuleProblem({ kind, message, file: module.file, cause: error }),
  };
}

function unresolvedProblem(
  module: ModuleRecord,
  source: ModuleSource,
  target: UnresolvedImport,
): ModuleProblem {
  const { error, specifier } = target;
  if (error instanceof ModuleProblem && error.kind !== "unresolved") return error;
  const site = source.analysis.imports.find((candidate) => candidate.specifier === specifier);
  const position = site && positionInSource(source, site.specifierAt);
  if (error instanceof PackageLoadError)
    return packageProblem(specifier, error, { file: module.file, position });
  return notFound({ module, specifier, error, position });
}

function packageProblem(
  specifier: string,
  { message, cause, isKept }: PackageLoadError,
  place: Pick<ConstructorParameters<typeof ModuleProblem>[0], "file" | "position">,
): ModuleProblem {
  const words = `${JSON.stringify(specifier)} threw while it was loaded: ${message}`;
  return new ModuleProblem({
    ...place,
    kind: "evaluation",
    message: isKept ? withHint(words, "Node does not load it again in this process: restart.") : words,
    mayPass: !isKept,
    offersRestart: isKept,
    cause,
  });
}

/** An import that leads nowhere. */
export function notFound({
  module,
  specifier,
  error,
  position,
}: {
  readonly module: ModuleRecord;
  readonly specifier: string;
  readonly error: unknown;
  readonly position: SourcePosition | undefined;
}): ModuleProblem {
  const advice = error instanceof ModuleProblem ? error.advice : undefined;
  return new ModuleProblem({
    kind: "unresolved",
    message: `Cannot find ${JSON.stringify(specifier)}, imported by ${module.displayName}. ${advice ?? "Create the file or correct the import."}`,
    code: importErrorCode(specifier, module.file),
    file: module.file,
    position,
    cause: error,
  });
}

function isUnresolved(target: Importable | UnresolvedImport): target is UnresolvedImport {
  return target.kind === "unresolved";
}
