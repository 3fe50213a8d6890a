import type { ModuleAnalysis } from "../analysis/index.ts";
import type { Generation } from "./generation.ts";
import { isSameSet } from "./module-reads.ts";
import type { ModuleSource } from "./module-source.ts";

const signatures = new WeakMap<ModuleAnalysis, string>();

/** All that a text says about what depends on what. */
function signatureOf(analysis: ModuleAnalysis): string {
  const known = signatures.get(analysis);
  if (known !== undefined) return known;
  const { captured, capturedRequests, lazy, lazyRequests, configuredImports, globals } = analysis;
  const { mentions, exports, stars, environmentLater } = analysis;
  const signature = JSON.stringify([
    [captured, capturedRequests, lazy, lazyRequests, configuredImports, globals, stars, environmentLater],
    mentions.map((names) => Array.from(names)),
    [...exports],
  ]);
  signatures.set(analysis, signature);
  return signature;
}

/** Whether two texts depend in the same way on the same, and others on them. */
export function isSameText(a: ModuleSource, b: ModuleSource): boolean {
  if (a === b) return true;
  return (
    a.imports.length === b.imports.length &&
    a.imports.every((target, site) => target === b.imports[site]) &&
    signatureOf(a.analysis) === signatureOf(b.analysis)
  );
}

/** Whether two generations of a module depend in the same way on the same, and have done the same to others. */
export function isSameBehaviour(a: Generation | undefined, b: Generation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    isSameText(a.source, b.source) &&
    a.reads.isSameAs(b.reads) &&
    isSameSet(a.contributions, b.contributions) &&
    isSameSet(a.globals.names, b.globals.names)
  );
}
