import type { ModuleAnalysis } from "../analysis/index.ts";
import type { CompiledCommonJs } from "../evaluate/commonjs.ts";
import type { CompiledModule } from "../link/compile.ts";
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
  /** Equal for two texts that differ in comments, white space or types only. */
  readonly fingerprint: string;
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

/** Whether two texts do the same: comments, formatting and types aside they say the same and import the same. */
export function isSameProgram(a: ModuleSource, b: ModuleSource): boolean {
  if (a === b) return true;
  return a.fingerprint === b.fingerprint && a.imports.every((target, site) => target === b.imports[site]);
}
