import { fill, isSameContent } from "./content.ts";
import type { Content } from "./content.ts";
import { reach } from "./reach.ts";
import type { Limits, ContentReader } from "./reach.ts";

/** Puts back what an object held. Returns whether it holds just that now: frozen and `#private` fields refuse. */
export function restore(object: object, before: Content, read: ContentReader): boolean {
  const now = read(object);
  if (now !== undefined && isSameContent(before, now)) return true;
  fill(before.kind, object, before.parts);
  const after = read(object);
  return after !== undefined && isSameContent(before, after);
}

/** What everything that some values lead to held at one moment. */
export class ContentSnapshot {
  readonly contents: ReadonlyMap<object, Content>;
  readonly #read: ContentReader;

  constructor(roots: Iterable<unknown>, read: ContentReader, limits?: Limits) {
    this.contents = new Map(reach(roots, read, limits));
    this.#read = read;
  }

  /** Objects that hold something else now, with what they held and hold. */
  *changed(): Generator<{ readonly object: object; readonly before: Content; readonly now: Content }> {
    for (const [object, before] of this.contents) {
      const now = this.#read(object);
      if (now !== undefined && !isSameContent(before, now)) yield { object, before, now };
    }
  }

  /** Whether everything holds what it held. */
  isIntact(): boolean {
    return this.changed().next().done === true;
  }

  /** Puts the old contents back into the same objects, so that whoever holds them sees the old contents. */
  restore(): boolean {
    let isRestored = true;
    for (const [object, before] of this.contents) {
      if (!restore(object, before, this.#read)) isRestored = false;
    }
    return isRestored;
  }
}
