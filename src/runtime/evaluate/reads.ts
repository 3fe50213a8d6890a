import { currentContext, isDivergent, liveWorld } from "../model/context.ts";
import type { World } from "../model/context.ts";
import { originOf, readExport } from "../model/exports.ts";
import type { Generation, Reads } from "../model/generation.ts";
import { evaluatingGeneration } from "./late-evaluation.ts";
import type { Binding, Importable } from "../model/module-record.ts";
import type { Asked } from "../inputs/index.ts";

/** Prefix of the reads in which a module only passes a value on that another module made. */
const VIA = "via:";

/** Everything that a module exports: an enumerated namespace, an exports object. */
export const EVERYTHING = "*";

/** Called before the first read of a module during an evaluation; see `contributions.ts`. */
export type FirstReadListener = (evaluating: Generation, read: Importable) => void;

let onFirstRead: FirstReadListener | undefined;

/** Be told when an evaluation reads a module for the first time, before it gets the value. */
export function listenToFirstReads(listener: FirstReadListener): void {
  onFirstRead = listener;
}

/**
 * Read an export on behalf of the module whose text says so. Nearly always that is one getter call: who asks,
 * and in which world, matters only while an evaluation runs or a request is older than the live version.
 *
 * @param owner the generation whose text contains the read, where that is known
 */
export function readBinding(binding: Binding, owner: Generation | undefined): unknown {
  if (!isDivergent()) return binding.read();
  const { module } = binding;
  const world = currentContext()?.world ?? liveWorld;
  recordRead(binding, owner, world);
  if (module.kind === "external" || world === liveWorld) return binding.read();
  // Not by the binding, even if its module is the same in both worlds: what it passes on may not be.
  const generation = world.generationOf(module);
  return generation && readExport(generation, binding.name, world);
}

/**
 * Rule A's record. A read during an evaluation counts for the module that evaluates and for the module whose
 * text contains the read: the first has used the value, the second may have kept it.
 *
 * The value counts as read where it is made; modules that re-export it count as read too, but only for what
 * they pass on: they matter when their own text changes, not when something else they import does.
 */
export function recordRead(binding: Binding, owner: Generation | undefined, world: World): void {
  const evaluating = evaluatingGeneration();
  if (evaluating === undefined) return;
  noteRead(evaluating, evaluating, binding, world);
  if (owner !== undefined && owner !== evaluating) noteRead(owner, evaluating, binding, world);
}

function noteRead(reader: Generation, evaluating: Generation, binding: Binding, world: World): void {
  const { module, name } = binding;
  if (module.kind === "external" || name === EVERYTHING) return add(reader, evaluating, module, name);
  const generation = world.generationOf(module);
  const origin = generation && originOf(generation, name, world);
  if (origin === undefined) return add(reader, evaluating, module, name);
  for (const passing of origin.via) add(reader, evaluating, passing, VIA + name);
  add(reader, evaluating, origin.module, origin.name);
}

function add(reader: Generation, evaluating: Generation, module: Importable, name: string): void {
  if (module === reader.module) return;
  let names = reader.reads.get(module);
  if (names === undefined) {
    if (reader === evaluating) onFirstRead?.(evaluating, module);
    names = new Set();
    reader.reads.set(module, names);
  }
  names.add(name);
  if (reader.readsNoted !== undefined) addTo(reader.readsNoted, module, name);
}

/** What one initializer was made from. */
export interface Sources {
  readonly modules: Reads;
  readonly outside: Asked | undefined;
}

/** Run one initializer, and note what it reads; what runs beside it while it is awaited is a few names too many. */
export function noteSources<T>(
  reader: Generation,
  initialize: () => T,
): { readonly result: T; readonly sources: Sources } {
  const modules: Reads = new Map();
  reader.readsNoted = modules;
  const outside = reader.outside?.note();
  const end = (): void => {
    reader.readsNoted = undefined;
    outside?.end();
  };
  let result: T;
  try {
    result = initialize();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) void result.then(end, end);
  else end();
  return { result, sources: { modules, outside: outside?.asked } };
}

/** A generation goes on with something that another one has made from these. */
export function takeOverSources(reader: Generation, from: Generation, { modules, outside }: Sources): void {
  for (const [module, names] of modules) for (const name of names) addTo(reader.reads, module, name);
  if (outside !== undefined && from.outside !== undefined) reader.outside?.takeOver(from.outside, outside);
}

function addTo(reads: Reads, module: Importable, name: string): void {
  reads.set(module, (reads.get(module) ?? new Set()).add(name));
}

/** Whether a generation read values that the module itself made. */
export function hasReadValuesOf(reader: Generation, module: Importable): boolean {
  const names = reader.reads.get(module);
  if (names === undefined) return false;
  for (const name of names) if (!name.startsWith(VIA)) return true;
  return false;
}

/** Whether a generation read anything of the module, be it only what the module passes on. */
export function hasReadThrough(reader: Generation, module: Importable): boolean {
  return reader.reads.has(module);
}
