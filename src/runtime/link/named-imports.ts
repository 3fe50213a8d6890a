import type { ExternalModule, Importable, ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import type { ModuleSource, UnresolvedImport } from "../model/module-source.ts";
import { ModuleProblem } from "../model/problems.ts";
import { originalPosition } from "./stack-traces.ts";
import type { SourcePosition } from "../../protocol/text-position.ts";

/**
 * The first name that a module imports and nobody exports. In the language that is an error before anything
 * runs; transformed code would only find `undefined` when it is used.
 */
export function checkNamedImports(module: ModuleRecord, source: ModuleSource): ModuleProblem | undefined {
  for (const site of source.analysis.imports) {
    const target = source.imports[site.index];
    if (target === undefined) continue;
    const missing = (site.names ?? []).find(
      (name) => !isExported(target, name, new Set()) && !mayBeType(module, source, site.index, name),
    );
    if (missing === undefined) continue;
    const position = positionInSource(source, site.nameAt.get(missing) ?? site.specifierAt);
    return new ModuleProblem({
      kind: "missing-export",
      message: `${module.displayName} imports ${JSON.stringify(missing)} from ${JSON.stringify(site.specifier)}, which has no such export.${suggestion(target, missing, site.specifier)}`,
      file: module.file,
      position,
    });
  }
  return undefined;
}

/** The source position of an offset in a module's text. */
export function positionInSource(source: ModuleSource, offset: number): SourcePosition | undefined {
  const before = source.code.slice(0, offset);
  const line = before.split("\n").length;
  return originalPosition(source.compiled.scriptName, line, offset - before.lastIndexOf("\n"));
}

/** A file by file transform cannot tell `export { Shape } from "./t"` of a type from that of a value. */
function mayBeType(module: ModuleRecord, source: ModuleSource, site: number, name: string): boolean {
  if (!/\.[cm]?tsx?$/.test(module.file ?? "")) return false;
  const isForwarded = [...source.analysis.exports.values()].some(
    (exported) => exported.kind === "forward" && exported.import === site && exported.name === name,
  );
  return isForwarded && !(source.analysis.mentions[site]?.has(name) ?? false);
}

type ImportTarget = Importable | UnresolvedImport;

/** Whether the newest texts say that a name is exported. Where only running tells, it counts as exported. */
function isExported(target: ImportTarget, name: string, seen: Set<string>): boolean {
  if (target.kind === "unresolved") return true;
  if (target.kind === "external") return target.has(name);
  const source = linked(target.source);
  if (source === undefined || source.compiled.format === "commonjs") return true;
  if (seen.has(`${target.id}\0${name}`)) return false;
  seen.add(`${target.id}\0${name}`);
  const exported = source.analysis.exports.get(name);
  if (exported?.kind === "local") return true;
  if (exported !== undefined) {
    const next = source.imports[exported.import];
    return next === undefined || exported.name === "*" || isExported(next, exported.name, seen);
  }
  if (name === "default") return false;
  return source.analysis.stars.some((star) => {
    const next = source.imports[star];
    return next !== undefined && isExported(next, name, seen);
  });
}

function suggestion(target: ImportTarget, missing: string, specifier: string): string {
  if (target.kind === "external") return wholeOf(target, missing, specifier);
  if (target.kind !== "project") return "";
  const source = linked(target.source);
  if (source === undefined) return "";
  const names = [...source.analysis.exports.keys()];
  return names.length === 0 ? ` ${target.displayName} exports nothing.` : ` It exports ${names.join(", ")}.`;
}

/** Node finds names of CommonJS in the text, and not all of them. */
function wholeOf({ isCommonJs, namespace }: ExternalModule, missing: string, specifier: string): string {
  if (!isCommonJs || !(missing in Object(namespace["default"]))) return "";
  return ` Node does not find it in the text of a CommonJS package. Write \`import whole from ${JSON.stringify(specifier)}; const { ${missing} } = whole;\`.`;
}
