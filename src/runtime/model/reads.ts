import { currentContext, areReadsTracked, liveSnapshot } from "./context.ts";
import type { Snapshot } from "./context.ts";
import { originOf, readExport } from "./exports.ts";
import type { Generation } from "./generation.ts";
import { evaluatingGeneration } from "./late-evaluation.ts";
import type { ReadAs } from "./module-reads.ts";
import type { Binding, Importable } from "./module-record.ts";

/** Everything that a module exports: an enumerated namespace, an exports object. */
export const EVERYTHING = "*";

/**
 * Read an export on behalf of the module whose text says so. Nearly always that is one getter call: who asks,
 * and in which snapshot, matters only while an evaluation runs or a request is older than the live version.
 *
 * @param owner the generation whose text contains the read, where that is known
 */
export function readBinding(binding: Binding, owner: Generation | undefined): unknown {
  if (!areReadsTracked()) return binding.read();
  const { module } = binding;
  const snapshot = currentContext()?.snapshot ?? liveSnapshot;
  recordRead(binding, owner, snapshot);
  if (module.kind === "external" || snapshot === liveSnapshot) return binding.read();
  // Not by the binding, even if its module is the same in both snapshots: what it passes on may not be.
  const generation = snapshot.generationOf(module);
  return generation && readExport(generation, binding.name, snapshot);
}

/**
 * Rule A's record. A read during an evaluation counts for the module that evaluates and for the module whose
 * text contains the read: the first has used the value, the second may have kept it.
 *
 * The value counts as read where it is made; modules that re-export it count as read too, but only for what
 * they pass on: they matter when their own text changes, not when something else they import does.
 */
export function recordRead(binding: Binding, owner: Generation | undefined, snapshot: Snapshot): void {
  const evaluating = evaluatingGeneration();
  if (evaluating === undefined) return;
  noteRead(evaluating, evaluating, binding, snapshot);
  if (owner !== undefined && owner !== evaluating) noteRead(owner, evaluating, binding, snapshot);
}

function noteRead(reader: Generation, evaluating: Generation, binding: Binding, snapshot: Snapshot): void {
  const { module, name } = binding;
  const add = (read: Importable, readName: string, as: ReadAs): void => {
    if (read === reader.module) return;
    if (reader === evaluating && !reader.reads.has(read)) reader.onFirstRead?.(read);
    reader.noteRead(read, readName, as);
  };
  if (module.kind === "external" || name === EVERYTHING) return add(module, name, "made");
  const generation = snapshot.generationOf(module);
  const origin = generation && originOf(generation, name, snapshot);
  if (origin === undefined) return add(module, name, "made");
  for (const passing of origin.via) add(passing, name, "passedOn");
  add(origin.module, origin.name, "made");
}
