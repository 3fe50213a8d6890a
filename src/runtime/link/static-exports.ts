import { isSameOrigin } from "../model/exports.ts";
import type { Importable } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import type { ModuleSource, UnresolvedImport } from "../model/module-source.ts";

/** What an import leads to, or does not. */
export type ImportTarget = Importable | UnresolvedImport;

/** Where a value is made that is exported under a name. */
type StaticOrigin =
  | { readonly kind: "made"; readonly module: Importable; readonly name: string }
  /** Two values have the name, and neither can be imported by it. */
  | { readonly kind: "ambiguous"; readonly between: readonly [string, string] }
  /** Only running tells whether there is one. */
  | { readonly kind: "unknown" };

const UNKNOWN: StaticOrigin = { kind: "unknown" };

/** What the newest texts say of a name that a module exports; `undefined` if it does not. */
export function staticOrigin(
  target: ImportTarget | undefined,
  name: string,
  seen: Set<string> = new Set(),
): StaticOrigin | undefined {
  if (target === undefined || target.kind === "unresolved") return UNKNOWN;
  if (target.kind === "external")
    return target.has(name) ? { kind: "made", module: target, name } : undefined;
  const source = linked(target.source);
  if (source === undefined || source.compiled.format === "commonjs") return UNKNOWN;
  const key = `${target.id}\0${name}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  const exported = source.analysis.exports.get(name);
  if (exported === undefined) return name === "default" ? undefined : originBehindStars(source, name, seen);
  if (exported.kind === "local") return { kind: "made", module: target, name: exported.binding };
  const next = source.imports[exported.import];
  return exported.name === "*" ? originOfAll(next) : staticOrigin(next, exported.name, seen);
}

function originOfAll(target: ImportTarget | undefined): StaticOrigin {
  if (target === undefined || target.kind === "unresolved") return UNKNOWN;
  return { kind: "made", module: target, name: "*" };
}

function originBehindStars(source: ModuleSource, name: string, seen: Set<string>): StaticOrigin | undefined {
  let found: StaticOrigin | undefined;
  for (const star of source.analysis.stars) {
    const origin = staticOrigin(source.imports[star], name, seen);
    if (origin?.kind === "ambiguous") return origin;
    if (origin === undefined || origin.kind === "unknown") found ??= origin;
    else if (found?.kind !== "made") found = origin;
    else if (!isSameOrigin(found, origin))
      return { kind: "ambiguous", between: [nameOf(found.module), nameOf(origin.module)] };
  }
  return found;
}

function nameOf(module: Importable): string {
  return module.kind === "project" ? module.displayName : module.id;
}
