import { liveSnapshot } from "./context.ts";
import type { Snapshot } from "./context.ts";
import type { Generation } from "./generation.ts";
import { absent } from "./compiled.ts";
import type { Getter } from "./compiled.ts";
import { Binding } from "./module-record.ts";
import type { Importable, ModuleRecord } from "./module-record.ts";
import type { ModuleSource, UnresolvedImport } from "./module-source.ts";

/** Where an export's value is made. `via` are the modules that only pass it on. */
export interface Origin {
  readonly module: Importable;
  /** `"*"` for a namespace. */
  readonly name: string;
  readonly via: readonly ModuleRecord[];
}

/** Where the value behind an export name is made, following re-exports in one snapshot. */
export function originOf(generation: Generation, name: string, snapshot: Snapshot): Origin | undefined {
  return find(generation, name, { snapshot, seen: new Set() });
}

/** Whether two names stand for one value, so that they are not in each other's way. */
export function isSameOrigin(
  a: Pick<Origin, "module" | "name">,
  b: Pick<Origin, "module" | "name">,
): boolean {
  if (a.module.kind === "external" && b.module.kind === "external")
    return a.module.namespace[a.name] === b.module.namespace[b.name];
  return a.module === b.module && a.name === b.name;
}

/** The value of an export in a snapshot. */
export function readExport(generation: Generation, name: string, snapshot: Snapshot): unknown {
  const local = generation.locals.get(name);
  if (local !== undefined) return local();
  const origin = originOf(generation, name, snapshot);
  if (origin === undefined) return undefined;
  const { module } = origin;
  if (origin.name === "*") return module.namespace;
  if (module.kind === "external") return module.binding(origin.name).read();
  return snapshot.generationOf(module)?.locals.get(origin.name)?.();
}

/** The getter that answers for an export name once a generation is live. */
function liveGetter(generation: Generation, name: string): Getter {
  const local = generation.locals.get(name);
  if (local !== undefined) return local;
  const origin = originOf(generation, name, liveSnapshot);
  if (origin === undefined) return absent;
  const { module } = origin;
  if (origin.name === "*") return () => module.namespace;
  // Through the origin's own binding, so that a commit of the origin alone reaches every barrel.
  const binding = bindingOf(module, origin.name);
  return () => binding.read();
}

/** All export names in a snapshot, without `default` of starred modules. */
export function exportNames(
  generation: Generation,
  snapshot: Snapshot,
  seen: Set<ModuleRecord> = new Set(),
): Set<string> {
  const { module, source } = generation;
  const names = new Set(generation.locals.keys());
  if (seen.has(module)) return names;
  seen.add(module);
  for (const name of source.analysis.exports.keys()) names.add(name);
  for (const star of source.analysis.stars) {
    for (const name of starNames(source.imports[star], snapshot, seen)) {
      if (name !== "default" && !names.has(name) && originOf(generation, name, snapshot) !== undefined)
        names.add(name);
    }
  }
  return names;
}

interface Search {
  readonly snapshot: Snapshot;
  /** Names under way: re-exports can go in circles. */
  readonly seen: Set<string>;
}

function find(generation: Generation, name: string, search: Search): Origin | undefined {
  const { module, source, locals } = generation;
  const key = `${module.id}\0${name}`;
  if (search.seen.has(key)) return undefined;
  search.seen.add(key);
  if (locals.has(name)) return { module, name, via: [] };
  const forward = source.analysis.exports.get(name);
  if (forward?.kind === "local") return { module, name, via: [] };
  if (forward !== undefined) return through(module, source.imports[forward.import], forward.name, search);
  return name === "default" ? undefined : findBehindStars(module, source, name, search);
}

function findBehindStars(
  module: ModuleRecord,
  source: ModuleSource,
  name: string,
  search: Search,
): Origin | undefined {
  let found: Origin | undefined;
  for (const star of source.analysis.stars) {
    const origin = through(module, source.imports[star], name, search);
    if (origin === undefined) continue;
    // Two different values under one name: the name is ambiguous and absent, as in the language.
    if (found !== undefined && !isSameOrigin(found, origin)) return undefined;
    found = origin;
  }
  return found;
}

function through(
  passing: ModuleRecord,
  target: Importable | UnresolvedImport | undefined,
  name: string,
  search: Search,
): Origin | undefined {
  if (target === undefined || target.kind === "unresolved") return undefined;
  if (name === "*") return { module: target, name, via: [passing] };
  if (target.kind === "external") {
    return target.has(name) ? { module: target, name, via: [passing] } : undefined;
  }
  const generation = search.snapshot.generationOf(target);
  const origin = generation && find(generation, name, search);
  return origin && { ...origin, via: [passing, ...origin.via] };
}

function starNames(
  target: Importable | UnresolvedImport | undefined,
  snapshot: Snapshot,
  seen: Set<ModuleRecord>,
): Iterable<string> {
  if (target === undefined || target.kind === "unresolved") return [];
  if (target.kind === "external") return Object.keys(target.namespace);
  const generation = snapshot.generationOf(target);
  return generation === undefined ? [] : exportNames(generation, snapshot, seen);
}

/** The binding of an export name, made when somebody first asks. */
export function bindingOf(module: Importable, name: string): Binding {
  if (module.kind === "external") return module.binding(name);
  let binding = module.bindings.get(name);
  if (binding === undefined) {
    binding = new Binding(module, name);
    module.bindings.set(name, binding);
    if (module.live !== undefined) binding.read = liveGetter(module.live, name);
  }
  return binding;
}

/** Let every binding of a module point to what is live now. */
export function pointBindingsToLive({ live, bindings }: ModuleRecord): void {
  for (const [name, binding] of bindings) {
    binding.read = live === undefined ? absent : liveGetter(live, name);
  }
}
