import type { ImportSite } from "../model/compiled.ts";
import type { Generation } from "../model/generation.ts";
import type { Getter } from "../model/compiled.ts";
import type { Binding, Importable } from "../model/module-record.ts";
import { readBinding } from "../model/reads.ts";
import { bindingOf } from "../model/exports.ts";

const NOWHERE: ImportSite = { names: {}, value: undefined, receiver: undefined };

/** What the import sites of a generation's text hand to it. */
export function importSites(generation: Generation): readonly ImportSite[] {
  const { analysis, imports } = generation.source;
  const called = new Set(analysis.importUses.flatMap((use) => (use.form === "receiver" ? use.import : [])));
  return analysis.imports.map(({ names = [] }, site) => {
    const target = imports[site];
    if (target === undefined || target.kind === "unresolved") return NOWHERE;
    const mentioned = new Set([...names, ...(analysis.mentions[site] ?? [])]);
    mentioned.delete("*");
    return {
      names: objectOf(mentioned, target, (binding) => () => readBinding(binding, generation)),
      value: target.namespace,
      receiver: called.has(site) ? objectOf(mentioned, target, callable(generation, target)) : undefined,
    };
  });
}

/** An object whose getters read the target's bindings. */
function objectOf(names: Iterable<string>, target: Importable, getter: (binding: Binding) => Getter): object {
  const getters: object = Object.create(null);
  for (const name of names) {
    Object.defineProperty(getters, name, { enumerable: true, get: getter(bindingOf(target, name)) });
  }
  // V8 inlines getters of a prototype, but calls those of the object itself: 2 ns a read instead of 12.
  const object: object = Object.create(getters);
  return object;
}

/** `m.f()` is called with `this === m`. The namespace itself could be asked for `f`, but costs ten times as much. */
function callable(owner: Generation, { namespace }: Importable): (binding: Binding) => Getter {
  return (binding) => {
    let last: unknown;
    let bound: unknown;
    return () => {
      const value = readBinding(binding, owner);
      if (value !== last) {
        last = value;
        bound = typeof value === "function" ? (value.bind(namespace) as unknown) : value;
      }
      return bound;
    };
  };
}
