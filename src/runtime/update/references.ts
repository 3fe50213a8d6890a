import { ENVIRONMENT } from "../analysis/index.ts";
import type { ImportReference } from "../analysis/index.ts";
import { liveSnapshot } from "../model/context.ts";
import { originOf } from "../model/exports.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import type { ModuleSource } from "../model/module-source.ts";
import type { ChangedSource } from "./changed-source.ts";

/** What functions of a text refer to. */
export interface References {
  /** Names of other modules and of the environment. */
  readonly references: readonly ImportReference[];
  /** What they ask for with `import("…")` or `require("…")`; `"*"` when computed. */
  readonly requests: readonly string[];
}

type Exports = Extract<ChangedSource, { kind: "exports" }>;

/** Whether references of a text lead to a changed source. */
export function isReferredTo(
  dependent: Generation,
  { references, requests }: References,
  changed: ChangedSource,
): boolean {
  if (changed.kind === "environment") {
    return references.some(({ import: site, name }) => site === ENVIRONMENT && isOneOf(name, changed.keys));
  }
  if (changed.kind !== "exports") return false;
  return (
    references.some(({ import: site, name }) => leadsTo(dependent.source, site, name, changed)) ||
    asksFor(dependent, requests, changed.module)
  );
}

/** Whether functions of a module use anything of a changed source. */
export function isMentioned(dependent: Generation, changed: ChangedSource): boolean {
  const { source } = dependent;
  if (changed.kind === "environment")
    return source.analysis.environmentLater.some((key) => isOneOf(key, changed.keys));
  if (changed.kind !== "exports") return false;
  return (
    asksFor(dependent, ["*"], changed.module) ||
    source.analysis.mentions.some((names, site) =>
      [...names].some((name) => leadsTo(source, site, name, changed)),
    )
  );
}

function isOneOf(key: string, keys: readonly string[]): boolean {
  return key === "*" || keys.includes(key);
}

/**
 * Whether a name that a text imports is made by a module; where that is made anew also whether it merely passes it on,
 * for what a new text passes on may be something else.
 */
function leadsTo(source: ModuleSource, site: number, name: string, { module, isMadeAnew }: Exports): boolean {
  const target = source.imports[site];
  if (target === undefined || target.kind !== "project") return false;
  if (name === "*") return target === module || passesOn(target, module, new Set());
  const origin = target.live && originOf(target.live, name, liveSnapshot);
  if (origin === undefined) return target === module;
  return origin.module === module || (isMadeAnew && (target === module || origin.via.includes(module)));
}

/** Whether one of these requests of running code, `"*"` for any, was answered with a module or with what passes it on. */
function asksFor({ lateImports }: Generation, requests: readonly string[], module: ModuleRecord): boolean {
  if (requests.length === 0 || lateImports.size === 0) return false;
  return [...lateImports].some(
    ([specifier, target]) =>
      (requests.includes("*") || requests.includes(specifier)) &&
      (target === module || passesOn(target, module, new Set())),
  );
}

/** Whether a namespace contains names of another module, through any number of re-exports. */
function passesOn(barrel: ModuleRecord, module: ModuleRecord, seen: Set<ModuleRecord>): boolean {
  const source = barrel.live?.source;
  if (source === undefined || seen.has(barrel)) return false;
  seen.add(barrel);
  const sites = new Set(source.analysis.stars);
  for (const exported of source.analysis.exports.values()) {
    if (exported.kind === "forward") sites.add(exported.import);
  }
  return [...sites].some((site) => {
    const target = source.imports[site];
    return target?.kind === "project" && (target === module || passesOn(target, module, seen));
  });
}
