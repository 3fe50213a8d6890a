import { HIDDEN_IN_ERRORS, MAX_BIGINT_DIGITS, MAX_SPARSE_LENGTH, UNSPOKEN } from "./format.ts";
import { builtInNameOf, describeUnstorable, kindOf, type StoredKind } from "./kinds.ts";
import { pathOf, patternOf, type ValuePath } from "./place.ts";

/** Something that could not be stored. */
export interface LeftOut {
  /** Where the first of its kind stood: `.user.connect`. Empty for the value itself. */
  readonly path: string;
  /** The same for all that differ only by their position in a collection. */
  readonly pattern: string;
  /** What it is: `a function`. */
  readonly what: string;
}

/** What became of a value. */
export type Encoded =
  | { readonly status: "encoded"; readonly text: string; readonly leftOut: readonly LeftOut[] }
  /** Its text would be longer than is allowed. */
  | { readonly status: "too-large" };

/**
 * Writes a value as text (see `format.ts`), so that {@link decode} makes an equal one of it. What cannot be stored is
 * left out and listed: no key in an object, no entry in a Map or Set, `undefined` in an array. Runs no code of the value
 * (getters are left out, too) and never throws. Symbols as keys, hidden properties and frozenness do not count.
 *
 * @param maxLength About how many characters are allowed.
 */
export function encode(root: unknown, maxLength: number = Infinity): Encoded {
  return new Encoder(maxLength).encode(root);
}

type EncodedNode = unknown[];

/** What JSON has a word for. */
type Word = null | boolean | number | string;

/** What a number of digits costs, or a reference: near enough for a limit. */
const SLOT_LENGTH = 8;

class Encoder {
  /** The slot of the root, then nodes. */
  readonly #document: unknown[] = [null];
  /** What is still to be written, by node. */
  readonly #values: {
    readonly value: object;
    readonly kind: StoredKind;
    readonly place: ValuePath | undefined;
  }[] = [];
  readonly #numbers = new Map<object, number>();
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #maxLength: number;
  #length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  encode(root: unknown): Encoded {
    const slot = this.#slotOf(root, undefined);
    this.#document[0] = slot === undefined ? unspoken(undefined) : slot;
    for (const { value, kind, place } of this.#values) {
      this.#document.push(this.#nodeOf(value, kind, place));
      if (this.#length > this.#maxLength) return { status: "too-large" };
    }
    try {
      return {
        status: "encoded",
        text: JSON.stringify(this.#document),
        leftOut: [...this.#leftOut.values()],
      };
    } catch {
      // The longest string of the engine: half a gigabyte.
      return { status: "too-large" };
    }
  }

  /** What stands for a value; `undefined` when it is left out. */
  #slotOf(value: unknown, place: ValuePath | undefined): unknown {
    if (isWord(value)) return this.#word(value);
    if (typeof value === "bigint") return this.#bigIntSlot(value, place);
    if (typeof value === "object" && value !== null) return this.#reference(value, place);
    const isOpaque = typeof value === "symbol" || typeof value === "function";
    return isOpaque ? this.#leaveOut(place, describeUnstorable(value)) : unspoken(value);
  }

  #word(value: Word): Word {
    this.#length += typeof value === "string" ? value.length + SLOT_LENGTH : SLOT_LENGTH;
    return value;
  }

  #bigIntSlot(value: bigint, place: ValuePath | undefined): unknown {
    // Hexadecimal digits are read and written in no more time than it takes to look at them; decimal ones are not.
    const digits = value.toString(16);
    this.#length += digits.length;
    return digits.length > MAX_BIGINT_DIGITS
      ? this.#leaveOut(place, `a BigInt of ${digits.length} digits`)
      : ["bigint", digits];
  }

  #reference(value: object, place: ValuePath | undefined): unknown {
    const known = this.#numbers.get(value);
    if (known !== undefined) return [known];
    try {
      const kind = kindOf(value);
      if (kind === undefined) return this.#leaveOut(place, describeUnstorable(value));
      this.#values.push({ value, kind, place });
      this.#numbers.set(value, this.#values.length);
      return [this.#values.length];
    } catch {
      return this.#leaveOut(place, "a proxy that cannot be read");
    }
  }

  #leaveOut(place: ValuePath | undefined, what: string): undefined {
    const pattern = place === undefined ? "" : patternOf(place);
    if (this.#leftOut.has(pattern)) return;
    this.#leftOut.set(pattern, { path: place === undefined ? "" : pathOf(place), pattern, what });
  }

  #nodeOf(value: object, kind: StoredKind, place: ValuePath | undefined): EncodedNode {
    try {
      return this.#contentOf(value, kind, place);
    } catch {
      // A proxy again, or an object that only has the prototype of what it pretends to be.
      this.#leaveOut(place, "an object that cannot be read");
      return ["object"];
    }
  }

  // The prototype has proven what each value is; the type system cannot follow exact prototypes.
  /* oxlint-disable typescript/no-unsafe-type-assertion */
  #contentOf(value: object, kind: StoredKind, place: ValuePath | undefined): EncodedNode {
    switch (kind) {
      case "object":
      case "bare":
        return this.#withProperties([kind], value, Object.keys(value), place);
      case "array":
        return this.#array(value as readonly unknown[], place);
      case "map":
        return this.#map(value as ReadonlyMap<unknown, unknown>, place);
      case "set":
        return this.#set(value as ReadonlySet<unknown>, place);
      case "date": {
        const time = (value as Date).getTime();
        return [kind, Number.isNaN(time) ? null : time];
      }
      case "regexp": {
        const { source, flags, lastIndex } = value as RegExp;
        return [kind, source, flags, lastIndex];
      }
      case "url":
        return [kind, (value as { readonly href: string }).href];
      case "error":
        return this.#error(value as Error, place);
      case "buffer":
        return [kind, this.#base64(new Uint8Array(value as ArrayBuffer))];
      case "bytes":
        // Its own bytes and not its whole buffer: EncodedNode cuts small ones from one that belongs to everybody.
        return [kind, this.#base64(value as Uint8Array)];
      case "view":
        return this.#view(value as ArrayBufferView, place);
    }
    return ["object"];
  }
  /* oxlint-enable typescript/no-unsafe-type-assertion */

  #withProperties(
    node: EncodedNode,
    value: object,
    keys: readonly string[],
    from: ValuePath | undefined,
  ): EncodedNode {
    for (const key of keys) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property === undefined) continue;
      const slot = this.#propertySlot(property, from, key);
      if (slot === undefined) continue;
      this.#length += key.length;
      node.push(key, slot);
    }
    return node;
  }

  #propertySlot(property: PropertyDescriptor, from: ValuePath | undefined, key: string): unknown {
    const value: unknown = property.value;
    // A place for each word would cost more than all the rest.
    if (isWord(value)) return this.#word(value);
    const place: ValuePath = { from, step: "key", key };
    return "value" in property ? this.#slotOf(value, place) : this.#leaveOut(place, "a getter or setter");
  }

  #array(value: readonly unknown[], from: ValuePath | undefined): EncodedNode {
    const keys = Object.keys(value);
    const { length } = value;
    // Positions come first, in their order: the last one in its place means that none is missing.
    const isDense = keys.length === length && (length === 0 || keys.at(-1) === String(length - 1));
    if (isDense) {
      const node: EncodedNode = ["array"];
      for (let key = 0; key < length; key++) node.push(this.#itemSlot(value[key], from, key));
      return node;
    }
    if (length > MAX_SPARSE_LENGTH) {
      this.#leaveOut(from, `an array with holes and a length of ${length}`);
      return ["array"];
    }
    const node: EncodedNode = ["sparse", length];
    for (const key of keys) {
      const index = Number(key);
      if (String(index >>> 0) === key) node.push(index, this.#itemSlot(value[index], from, index));
      else this.#leaveOut({ from, step: "key", key }, "a property of an array");
    }
    return node;
  }

  #itemSlot(item: unknown, from: ValuePath | undefined, key: number): unknown {
    if (isWord(item)) return this.#word(item);
    const slot = this.#slotOf(item, { from, step: "item", key });
    return slot === undefined ? unspoken(undefined) : slot;
  }

  #map(value: ReadonlyMap<unknown, unknown>, from: ValuePath | undefined): EncodedNode {
    const node: EncodedNode = ["map"];
    let position = 0;
    for (const [key, item] of Map.prototype.entries.call(value)) {
      const shown = typeof key === "object" || typeof key === "symbol" ? position : key;
      position += 1;
      const name = this.#slotOf(key, { from, step: "name", key: shown });
      const slot = name === undefined ? undefined : this.#slotOf(item, { from, step: "entry", key: shown });
      if (slot !== undefined) node.push(name, slot);
    }
    return node;
  }

  #set(value: ReadonlySet<unknown>, from: ValuePath | undefined): EncodedNode {
    const node: EncodedNode = ["set"];
    let key = 0;
    for (const item of Set.prototype.values.call(value)) {
      const slot = this.#slotOf(item, { from, step: "item", key });
      key += 1;
      if (slot !== undefined) node.push(slot);
    }
    return node;
  }

  #error(value: Error, place: ValuePath | undefined): EncodedNode {
    const message: unknown = Object.getOwnPropertyDescriptor(value, "message")?.value;
    const keys = Object.keys(value).filter((key) => key !== "message" && key !== "stack");
    const hidden = HIDDEN_IN_ERRORS.filter((key) => Object.hasOwn(value, key) && !keys.includes(key));
    const node: EncodedNode = ["error", builtInNameOf(value), typeof message === "string" ? message : ""];
    return this.#withProperties(node, value, [...hidden, ...keys], place);
  }

  #view(value: ArrayBufferView, place: ValuePath | undefined): EncodedNode {
    const { buffer, byteOffset, byteLength } = value;
    const length = "length" in value ? value.length : byteLength;
    return ["view", builtInNameOf(value), this.#slotOf(buffer, place), byteOffset, length];
  }

  #base64(bytes: Uint8Array): string {
    this.#length += (bytes.length * 4) / 3;
    const { buffer, byteOffset, byteLength } = bytes;
    return this.#length > this.#maxLength
      ? ""
      : Buffer.from(buffer, byteOffset, byteLength).toString("base64");
  }
}

function unspoken(value: unknown): readonly [unknown] {
  for (const [word, meant] of UNSPOKEN) if (Object.is(meant, value)) return [word];
  return ["undefined"];
}

function isWord(value: unknown): value is Word {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === "string" || typeof value === "boolean" || value === null;
}
