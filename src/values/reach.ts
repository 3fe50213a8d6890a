import type { Content } from "./content.ts";
import { isObjectLike } from "./kinds.ts";

/** How an object is looked at. `undefined`: it is not looked into, and what it holds is not reached through it. */
export type ContentReader = (object: object) => Content | undefined;

/** Where a walk ends, so that it takes a bounded time however much there is. */
export interface Limits {
  readonly objects: number;
  readonly parts: number;
}

const UNLIMITED: Limits = { objects: Infinity, parts: Infinity };

/** Every object that some values lead to, breadth first, with what it holds. */
export function* reach(
  roots: Iterable<unknown>,
  read: ContentReader,
  { objects, parts }: Limits = UNLIMITED,
): Generator<readonly [object, Content]> {
  // A list of what is still to look at, and no recursion: a long chain must not exhaust the stack.
  const queue: object[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (!isObjectLike(value) || seen.has(value)) return;
    seen.add(value);
    queue.push(value);
  };
  for (const root of roots) visit(root);
  let objectsLeft = objects;
  let partsLeft = parts;
  for (const object of queue) {
    const content = read(object);
    if (content === undefined) continue;
    yield [object, content];
    partsLeft -= content.parts.length;
    if (--objectsLeft <= 0 || partsLeft <= 0) return;
    // Bytes are no array, and lead nowhere.
    if (Array.isArray(content.parts)) content.parts.forEach(visit);
  }
}
