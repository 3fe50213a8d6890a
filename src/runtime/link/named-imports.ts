import type { ExternalModule, ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import type { ModuleSource } from "../model/module-source.ts";
import { ModuleProblem } from "../model/problems.ts";
import { staticOrigin } from "./static-exports.ts";
import type { ImportTarget } from "./static-exports.ts";
import { originalPosition } from "./stack-traces.ts";
import { placeAt } from "../../protocol/text-position.ts";
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
      (name) => !isExported(target, name) && !mayBeType(module, source, site.index, name),
    );
    if (missing === undefined) continue;
    const position = positionInSource(source, site.nameAt.get(missing) ?? site.specifierAt);
    return new ModuleProblem({
      kind: "missing-export",
      message: `${module.displayName} imports ${JSON.stringify(missing)} from ${JSON.stringify(site.specifier)}, which ${reasonOf(target, missing, site.specifier)}`,
      file: module.file,
      position,
    });
  }
  return undefined;
}

/** The source position of an offset in a module's text. */
export function positionInSource(source: ModuleSource, offset: number): SourcePosition | undefined {
  const { line, column } = placeAt(source.code, offset);
  return originalPosition(source.compiled.scriptName, line, column);
}

/** A file by file transform cannot tell `export { Shape } from "./t"` of a type from that of a value. */
function mayBeType(module: ModuleRecord, source: ModuleSource, site: number, name: string): boolean {
  if (!/\.[cm]?tsx?$/.test(module.file ?? "")) return false;
  const isForwarded = [...source.analysis.exports.values()].some(
    (exported) => exported.kind === "forward" && exported.import === site && exported.name === name,
  );
  return isForwarded && !(source.analysis.mentions[site]?.has(name) ?? false);
}

function isExported(target: ImportTarget, name: string): boolean {
  const origin = staticOrigin(target, name);
  return origin !== undefined && origin.kind !== "ambiguous";
}

/** Why a name cannot be had, and what can. */
function reasonOf(target: ImportTarget, missing: string, specifier: string): string {
  const origin = staticOrigin(target, missing);
  if (origin?.kind !== "ambiguous") return `has no such export.${suggestion(target, missing, specifier)}`;
  const [one, other] = origin.between;
  return `passes on two of that name, of ${one} and of ${other}. Export one of them by name, or import it from where it is made.`;
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
