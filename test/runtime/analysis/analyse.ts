import { parseAst, transformWithOxc } from "vite";
import { analyseModule } from "../../../src/runtime/analysis/index.ts";
import type { ImportReference, ModuleAnalysis, Node } from "../../../src/runtime/analysis/index.ts";

/** A module as JavaScript, and what the analysis says about it. */
export interface Analysed {
  readonly code: string;
  readonly analysis: ModuleAnalysis;
}

/** Take TypeScript the way it goes in a dev server: types stripped, parsed, analysed. */
export async function analyse(source: string): Promise<Analysed> {
  const script = await transformWithOxc(source, "/module.ts", {
    target: "esnext",
    decorator: { legacy: true },
    sourcemap: false,
  });
  return analyseScript(script.code);
}

/** The same for JavaScript, which is analysed as it was written. */
export function analyseScript(code: string): Analysed {
  return { code, analysis: analyseModule(code, parseAst(code) as unknown as Node) };
}

/** References by their names alone: `items`, or `./rows:*` for a whole namespace. */
export function namesOf(
  references: readonly ImportReference[],
  { imports }: ModuleAnalysis,
): readonly string[] {
  return references
    .filter((reference) => imports[reference.import]?.specifier.startsWith("./"))
    .map(({ import: index, name }) => (name === "*" ? `${imports[index]?.specifier}:*` : name))
    .toSorted();
}
