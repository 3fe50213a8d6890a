import type { Generation } from "../model/generation.ts";
import type { AskedInputs } from "../model/input-reads.ts";
import { ModuleReads } from "../model/module-reads.ts";
import type { Importable } from "../model/module-record.ts";

/** What one initializer was made from. */
export interface Sources {
  readonly modules: ModuleReads<Importable>;
  readonly outside: AskedInputs | undefined;
}

/**
 * Run one initializer, and note what it reads; what runs beside it while it is awaited is a few names too many.
 *
 * @param isUnused whether nobody gets its value: a promise that fails is an unhandled one then
 */
export function noteSources<T>(
  reader: Generation,
  initialize: () => T,
  isUnused: boolean,
): { readonly result: T; readonly sources: Sources } {
  const modules = new ModuleReads<Importable>();
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
  if (!(result instanceof Promise)) end();
  else if (isUnused) void result.finally(end);
  else void result.then(end, end);
  return { result, sources: { modules, outside: outside?.asked } };
}

/** A generation goes on with something that another one has made from these. */
export function takeOverSources(reader: Generation, from: Generation, { modules, outside }: Sources): void {
  modules.forEach((module, name, as) => reader.noteRead(module, name, as));
  if (outside !== undefined && from.outside !== undefined) reader.outside?.takeOver(from.outside, outside);
}
