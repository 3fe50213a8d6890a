import { inspect } from "node:util";
import type { InspectOptions } from "node:util";
import { currentContext, areReadsTracked, liveSnapshot } from "./context.ts";
import type { Snapshot } from "./context.ts";
import { bindingOf, exportNames } from "./exports.ts";
import { Binding } from "./module-record.ts";
import type { ModuleRecord } from "./module-record.ts";
import { EVERYTHING, readBinding, recordRead } from "./reads.ts";

/**
 * The namespace object of a project module, for `import * as ns` used as a value and for `import()`. Named
 * imports do not pass here: they read their binding directly.
 *
 * It is what the language says, with one exception: it is not sealed, because it lives on when an edit adds a name.
 */
export function createNamespace(module: ModuleRecord): object {
  const has = (name: string): boolean => namesOf(module).has(name);
  const everything = new Binding(module, EVERYTHING);
  const namespace: object = new Proxy(createTarget(module), {
    get(target, name) {
      // A promise resolved with a namespace asks for `then`: that is no read of the module.
      if (typeof name === "symbol") return Reflect.get(target, name);
      if (name === "then" && !has(name)) return undefined;
      return readBinding(bindingOf(module, name), undefined);
    },
    has(_target, name) {
      if (typeof name === "symbol") return name === Symbol.toStringTag;
      if (areReadsTracked()) recordRead(bindingOf(module, name), undefined, currentSnapshot());
      return has(name);
    },
    ownKeys() {
      if (areReadsTracked()) recordRead(everything, undefined, currentSnapshot());
      return [...[...namesOf(module)].toSorted(), Symbol.toStringTag];
    },
    getOwnPropertyDescriptor(target, name) {
      if (name === Symbol.toStringTag) return Reflect.getOwnPropertyDescriptor(target, name);
      if (typeof name === "symbol" || !has(name)) return undefined;
      const value = readBinding(bindingOf(module, name), undefined);
      return { value, writable: true, enumerable: true, configurable: true };
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: (_target, name) => (typeof name === "symbol" ? name !== Symbol.toStringTag : !has(name)),
    setPrototypeOf: (_target, prototype) => prototype === null,
    preventExtensions: () => false,
  });
  return namespace;
}

/** By this name tools say that a script was made from a module. */
const MARK = "__esModule";

const marked = new WeakMap<ModuleRecord, object>();

/** The namespace of a module with `__esModule`, as `require` gives it. */
export function markedNamespace(module: ModuleRecord): object {
  const known = marked.get(module);
  if (known !== undefined) return known;
  const { namespace } = module;
  const namespaceWithMark = new Proxy(createTarget(module), {
    get: (_target, name) => (name === MARK ? true : (Reflect.get(namespace, name) as unknown)),
    has: (_target, name) => name === MARK || Reflect.has(namespace, name),
    ownKeys: () => [MARK, ...Reflect.ownKeys(namespace)],
    getOwnPropertyDescriptor: (target, name) =>
      name === MARK
        ? { value: true, writable: true, enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(name === Symbol.toStringTag ? target : namespace, name),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: (_target, name) => name !== MARK && Reflect.deleteProperty(namespace, name),
    setPrototypeOf: (_target, prototype) => prototype === null,
    preventExtensions: () => false,
  });
  marked.set(module, namespaceWithMark);
  return namespaceWithMark;
}

const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** Node prints what is behind a proxy, and not what it answers. */
function createTarget(module: ModuleRecord): object {
  const target: object = Object.create(null);
  Object.defineProperty(target, Symbol.toStringTag, { value: "Module" });
  let isUnderWay = false;
  return Object.defineProperty(target, INSPECT, {
    configurable: true,
    value(this: object, depth: number, options: InspectOptions) {
      if (depth < 0 || isUnderWay) return isUnderWay ? "[Circular *]" : "[Object: null prototype] [Module]";
      isUnderWay = true;
      try {
        const content: object = Object.assign(Object.create(null), valuesOf(this, module));
        return inspect(content, { ...options, depth }).replace(
          "[Object: null prototype]",
          "[Module: null prototype]",
        );
      } finally {
        isUnderWay = false;
      }
    },
  });
}

/** What a namespace holds, as far as its module has run. */
function valuesOf(namespace: object, module: ModuleRecord): object {
  return Object.fromEntries(
    [...namesOf(module)].toSorted().map((name) => {
      try {
        return [name, Reflect.get(namespace, name)];
      } catch {
        return [name, UNINITIALIZED];
      }
    }),
  );
}

const UNINITIALIZED = { [INSPECT]: () => "<uninitialized>" };

function namesOf(module: ModuleRecord): ReadonlySet<string> {
  const snapshot = currentSnapshot();
  const generation = snapshot.generationOf(module);
  return generation === undefined ? new Set() : exportNames(generation, snapshot);
}

function currentSnapshot(): Snapshot {
  return areReadsTracked() ? (currentContext()?.snapshot ?? liveSnapshot) : liveSnapshot;
}
