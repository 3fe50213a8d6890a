import type { Generation } from "./generation.ts";
import type { ModuleRecord } from "./module-record.ts";
import { linked } from "./module-source.ts";
import type { ModuleSource } from "./module-source.ts";

/** Project modules that the newest text reaches, by import site, then those that only running code reached. */
export function importsOf(module: ModuleRecord): readonly ModuleRecord[] {
  return [...staticImportsOf(module), ...lateImportsOf(module)];
}

/** Project modules that the newest text imports, or, where there is none, those that the live one does. */
export function staticImportsOf({ source, live }: ModuleRecord): readonly ModuleRecord[] {
  const { imports = [] } = linked(source) ?? live?.source ?? {};
  return imports.filter((target) => target.kind === "project");
}

/**
 * What running code has imported belongs to its module as long as the newest text can ask for it again; and what it
 * would get without loading it, because others have, has to be as new as the rest.
 */
export function lateImportsOf({ source, live }: ModuleRecord): readonly ModuleRecord[] {
  const newest = linked(source) ?? live?.source;
  if (newest === undefined) return [];
  const asked = [...(live?.lateImports ?? [])].flatMap(([specifier, target]) =>
    canAskFor(newest, specifier) ? [target] : [],
  );
  const known = newest.knownLateImports();
  if (asked.length === 0 && known.length === 0) return [];
  return [...new Set([...asked, ...known])].filter((target) => target.unloadable === undefined);
}

/** Whether the code of a text can `import()` or `require` a specifier. */
export function canAskFor({ analysis }: ModuleSource, specifier: string): boolean {
  const { dynamic, hasComputedDynamicImport, requires, hasComputedRequire } = analysis.runtimeImports;
  return (
    hasComputedDynamicImport ||
    hasComputedRequire ||
    dynamic.includes(specifier) ||
    requires.includes(specifier)
  );
}

/**
 * Modules in the order of their static imports: dependencies first.
 *
 * @param seen modules that are left out, with all that they import; those that are found are added
 */
export function staticOrder(
  entries: Iterable<ModuleRecord>,
  seen: Set<ModuleRecord> = new Set(),
): ModuleRecord[] {
  const order: ModuleRecord[] = [];
  // An explicit stack: import chains can be longer than the call stack is deep.
  const stack: { readonly module: ModuleRecord; readonly imports: readonly ModuleRecord[]; at: number }[] =
    [];
  const enter = (module: ModuleRecord): void => {
    if (seen.has(module)) return;
    seen.add(module);
    stack.push({ module, imports: staticImportsOf(module), at: 0 });
  };
  for (const entry of entries) {
    enter(entry);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const imported = top.imports[top.at++];
      if (imported !== undefined) enter(imported);
      else {
        order.push(top.module);
        stack.pop();
      }
    }
  }
  return order;
}

/** Everything that some modules reach, themselves included. `next` says where each leads. */
export function reach(
  from: Iterable<ModuleRecord>,
  next: (module: ModuleRecord) => Iterable<ModuleRecord>,
): Set<ModuleRecord> {
  const reached = new Set(from);
  for (const module of reached) for (const target of next(module)) reached.add(target);
  return reached;
}

/** Who leads to each module that some modules reach. */
export function reversed(
  from: Iterable<ModuleRecord>,
  next: (module: ModuleRecord) => Iterable<ModuleRecord>,
): ReadonlyMap<ModuleRecord, readonly ModuleRecord[]> {
  const leading = new Map<ModuleRecord, ModuleRecord[]>();
  for (const module of reach(from, next)) {
    for (const target of next(module)) {
      const known = leading.get(target);
      if (known === undefined) leading.set(target, [module]);
      else known.push(module);
    }
  }
  return leading;
}

/** Project modules that the live generation reaches. */
export function liveImportsOf(module: ModuleRecord): readonly ModuleRecord[] {
  const { live } = module;
  return [
    ...(live?.source.imports ?? []).filter((target) => target.kind === "project"),
    ...(live?.lateImports.values() ?? []),
  ];
}

/** Whether two texts lead to the same modules in the same way, and can ask for the same while they run. */
export function isSameEdges(a: ModuleSource | undefined, b: ModuleSource | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.analysis.topLevelAwait !== b.analysis.topLevelAwait) return false;
  return isSameList(a.imports, b.imports) && isSameRequests(a, b);
}

function isSameRequests({ analysis: a }: ModuleSource, { analysis: b }: ModuleSource): boolean {
  const [one, two] = [a.runtimeImports, b.runtimeImports];
  return (
    one === two ||
    (one.hasComputedDynamicImport === two.hasComputedDynamicImport &&
      one.hasComputedRequire === two.hasComputedRequire &&
      isSameList(one.dynamic, two.dynamic) &&
      isSameList(one.requires, two.requires))
  );
}

/** Whether running code has imported the same modules in two generations. */
export function isSameLateImports(a: Generation | undefined, b: Generation | undefined): boolean {
  const [one, two] = [a?.lateImports, b?.lateImports];
  if ((one?.size ?? 0) !== (two?.size ?? 0)) return false;
  for (const [specifier, target] of one ?? []) if (two?.get(specifier) !== target) return false;
  return true;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
