import type { ModuleAnalysis, ModuleExport } from "../analysis/index.ts";
import type { CompiledCommonJs, CompiledModule } from "./compiled.ts";
import type { SourceMapLike } from "../host.ts";
import type { Importable, ModuleRecord } from "./module-record.ts";
import type { ModuleProblem } from "./problems.ts";

/** The newest text of a module, linked: its imports are known, nothing has run. */
export interface ModuleSource {
  readonly kind: "linked";
  readonly code: string;
  readonly map: SourceMapLike | undefined;
  readonly inputs: readonly string[];
  readonly analysis: ModuleAnalysis;
  /** A compiler has printed it and it has no comments: only one text says the same. */
  readonly isCanonical: boolean;
  /** Equal for two texts that differ in comments, white space or types only. */
  readonly fingerprint: () => string;
  readonly compiled: CompiledModule | CompiledCommonJs;
  /** By import site, in source order. */
  readonly imports: readonly (Importable | UnresolvedImport)[];
  /** What its `import("…")` lead to, as far as that is known without running it: modules that others have loaded. */
  readonly knownLateImports: () => readonly ModuleRecord[];
}

/** An import that leads nowhere (yet). */
export interface UnresolvedImport {
  readonly kind: "unresolved";
  readonly specifier: string;
  readonly error: unknown;
}

/** Why there is no newest text: the file is missing or does not parse. */
export interface BrokenSource {
  readonly kind: "broken";
  readonly problem: ModuleProblem;
}

/** What is known of a module's newest text; `undefined` before the first fetch. */
export type NewestSource = ModuleSource | BrokenSource | undefined;

/** The newest text, if there is one that could run. */
export function linked(source: NewestSource): ModuleSource | undefined {
  return source?.kind === "linked" ? source : undefined;
}

/** Whether an import of a text leads nowhere. */
export function hasUnresolvedImport(source: NewestSource): boolean {
  return linked(source)?.imports.some(({ kind }) => kind === "unresolved") ?? false;
}

/** Whether the newest text does something else than the one that runs. */
export function isEdited({ source, live }: Pick<ModuleRecord, "source" | "live">): boolean {
  const newest = linked(source);
  return newest !== undefined && live !== undefined && !isSameProgram(newest, live.source);
}

/** Whether a module is not what it has to be: outdated, broken, edited, stale, or never run. */
export function isDirty(module: ModuleRecord): boolean {
  const { isOutdated, live, stale, source } = module;
  return (
    isOutdated || live === undefined || stale !== undefined || source?.kind === "broken" || isEdited(module)
  );
}

/** Whether a text exports what others make. */
export function passesOn({ analysis }: ModuleSource): boolean {
  if (analysis.stars.length > 0) return true;
  for (const exported of analysis.exports.values()) if (exported.kind === "forward") return true;
  return false;
}

/** Whether two texts export the same names, and the same modules make what is behind them. */
export function isSameInterface(a: ModuleSource | undefined, b: ModuleSource | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.analysis === b.analysis) return true;
  return a.compiled.format === b.compiled.format && isSameExports(a, b) && isSameStars(a, b);
}

function isSameExports(a: ModuleSource, b: ModuleSource): boolean {
  if (a.analysis.exports.size !== b.analysis.exports.size) return false;
  for (const [name, exported] of a.analysis.exports) {
    const other = b.analysis.exports.get(name);
    if (other?.kind !== exported.kind) return false;
    if (exported.kind === "forward" && !isSameForward([a, exported], [b, other])) return false;
  }
  return true;
}

function isSameStars(a: ModuleSource, b: ModuleSource): boolean {
  const [one, two] = [a.analysis.stars, b.analysis.stars];
  return (
    one.length === two.length && one.every((star, index) => a.imports[star] === b.imports[two[index] ?? -1])
  );
}

type Forwarding = readonly [source: ModuleSource, exported: ModuleExport];

function isSameForward([a, one]: Forwarding, [b, two]: Forwarding): boolean {
  if (one.kind !== "forward" || two.kind !== "forward") return false;
  return one.name === two.name && a.imports[one.import] === b.imports[two.import];
}

/** Whether two texts do the same: comments, formatting and types aside they say the same and import the same. */
export function isSameProgram(a: ModuleSource, b: ModuleSource): boolean {
  if (a === b) return true;
  return saysTheSame(a, b) && a.imports.every((target, site) => target === b.imports[site]);
}

type Said = Pick<ModuleSource, "code" | "isCanonical" | "fingerprint">;

/** Whether two texts say the same, comments, formatting and types aside. */
export function saysTheSame(a: Said, b: Said): boolean {
  if (a.code === b.code) return true;
  if (a.isCanonical && b.isCanonical) return false;
  return a.fingerprint() === b.fingerprint();
}

/** Other files that the newest text was made from. */
export function inputsOf(source: NewestSource): readonly string[] {
  return linked(source)?.inputs ?? [];
}
