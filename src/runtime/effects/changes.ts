import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { restore } from "../../values/snapshot.ts";
import type { Content } from "../../values/content.ts";
import type { ContentReader } from "../../values/reach.ts";

interface ChangedObject {
  readonly owner: ModuleRecord;
  readonly before: Content;
}

interface ChangedBinding {
  readonly generation: Generation;
  readonly name: string;
  readonly before: unknown;
}

/** What an evaluation has changed of other modules, as it was before: it may come to nothing. */
export class Changes {
  readonly #objects = new Map<object, ChangedObject>();
  readonly #bindings: ChangedBinding[] = [];

  noteObject(object: object, changed: ChangedObject): void {
    if (!this.#objects.has(object)) this.#objects.set(object, changed);
  }

  noteBinding(changed: ChangedBinding): void {
    this.#bindings.push(changed);
  }

  /** @returns whose objects could not be brought back to what they were: frozen ones, `#private` fields */
  takeBack(read: ContentReader): Set<ModuleRecord> {
    const spoiled = new Set<ModuleRecord>();
    for (const { generation, name, before } of this.#bindings.toReversed()) {
      const assign = generation.assign[name];
      if (assign === undefined) spoiled.add(generation.module);
      else assign(before);
    }
    for (const [object, { owner, before }] of this.#objects) {
      if (!restore(object, before, read)) spoiled.add(owner);
    }
    return spoiled;
  }
}
