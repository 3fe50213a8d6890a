import { currentContext, areReadsTracked, liveSnapshot } from "./context.ts";
import type { Snapshot } from "./context.ts";
import { bindingOf, exportNames } from "./exports.ts";
import { Binding } from "./module-record.ts";
import type { ModuleRecord } from "./module-record.ts";
import { EVERYTHING, readBinding, recordRead } from "./reads.ts";

/**
 * The namespace object of a project module, for `import * as ns` used as a value and for `import()`. Named
 * imports do not pass here: they read their binding directly.
 */
export function createNamespace(module: ModuleRecord): object {
  const has = (name: string): boolean => namesOf(module).has(name);
  const everything = new Binding(module, EVERYTHING);
  const target: object = Object.create(null);
  return new Proxy(target, {
    get(_target, name) {
      if (name === Symbol.toStringTag) return "Module";
      // A promise resolved with a namespace asks for `then`: that is no read of the module.
      if (typeof name === "symbol" || (name === "then" && !has(name))) return undefined;
      return readBinding(bindingOf(module, name), undefined);
    },
    has(_target, name) {
      if (typeof name === "symbol") return name === Symbol.toStringTag;
      if (areReadsTracked()) recordRead(bindingOf(module, name), undefined, currentSnapshot());
      return has(name);
    },
    ownKeys() {
      if (areReadsTracked()) recordRead(everything, undefined, currentSnapshot());
      return [...namesOf(module)].toSorted();
    },
    getOwnPropertyDescriptor(_target, name) {
      if (typeof name === "symbol" || !has(name)) return undefined;
      const value = readBinding(bindingOf(module, name), undefined);
      return { value, writable: true, enumerable: true, configurable: true };
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: (_target, name) => typeof name === "symbol" || !has(name),
  });
}

function namesOf(module: ModuleRecord): ReadonlySet<string> {
  const snapshot = currentSnapshot();
  const generation = snapshot.generationOf(module);
  return generation === undefined ? new Set() : exportNames(generation, snapshot);
}

function currentSnapshot(): Snapshot {
  return areReadsTracked() ? (currentContext()?.snapshot ?? liveSnapshot) : liveSnapshot;
}
