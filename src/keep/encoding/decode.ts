import { HIDDEN_IN_ERRORS, MAX_BIGINT_DIGITS, MAX_SPARSE_LENGTH, UNSPOKEN } from "./format.ts";
import { AGGREGATE, errorClasses, viewClasses } from "./kinds.ts";

/** What a text was. */
export type Decoded =
  | { readonly status: "decoded"; readonly value: unknown }
  /** The text is not one of {@link encode}'s. `reason` ends a sentence: "… because of `reason`". */
  | { readonly status: "refused"; readonly reason: string };

/**
 * Makes the value that a text stands for. The text may come from anybody: it runs nothing, reaches no prototype, takes
 * time and memory in proportion to its length, and what is wrong in it is an answer and not an exception.
 */
export function decode(text: string): Decoded {
  try {
    const document: unknown = JSON.parse(text);
    if (!Array.isArray(document) || document.length === 0) throw new SyntaxError("no list of nodes");
    return { status: "decoded", value: new Decoder(document).decode() };
  } catch (error) {
    // Classes refuse what they are given (flags of a RegExp, an offset behind the end) in their own words.
    return { status: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Puts into an object what belongs into it, once all objects are there. */
type FillIn = () => void;

class Decoder {
  readonly #document: readonly unknown[];
  readonly #objects: unknown[] = [];

  constructor(document: readonly unknown[]) {
    this.#document = document;
  }

  decode(): unknown {
    const nodes = this.#document.map((node, number) => (number === 0 ? [] : nodeOf(node, number)));
    const fills: FillIn[] = [];
    // Views last: they are the only ones that need another object to exist.
    for (const isView of [false, true]) {
      for (const [number, node] of nodes.entries()) {
        if (number === 0 || (node[0] === "view") !== isView) continue;
        const { made, fill } = this.#make(node);
        this.#objects[number] = made;
        if (fill !== undefined) fills.push(fill);
      }
    }
    for (const fill of fills) fill();
    return this.#valueOf(this.#document[0]);
  }

  #valueOf(slot: unknown): unknown {
    if (!Array.isArray(slot)) {
      if (typeof slot === "object" && slot !== null) throw new SyntaxError("an object where a slot belongs");
      return slot;
    }
    const [word, digits] = slot as readonly unknown[];
    if (typeof word === "number") return this.#objectOf(word);
    if (word === "bigint") return bigIntOf(digits);
    if (!UNSPOKEN.has(word)) throw new SyntaxError("a slot that stands for nothing");
    return UNSPOKEN.get(word);
  }

  #objectOf(number: number): unknown {
    const made = this.#objects[number];
    if (made === undefined) throw new SyntaxError("a reference to a node that is not there");
    return made;
  }

  #make(node: readonly unknown[]): { readonly made: object; readonly fill?: FillIn } {
    const [kind, ...parts] = node;
    switch (kind) {
      case "object":
      case "bare": {
        const made: object = kind === "object" ? {} : bareObject();
        return { made, fill: () => this.#define(made, parts) };
      }
      case "array":
      case "sparse":
        return this.#array(kind, parts);
      case "map": {
        const made = new Map<unknown, unknown>();
        const fill = (): void => {
          for (const [key, item] of pairs(parts)) made.set(this.#valueOf(key), this.#valueOf(item));
        };
        return { made, fill };
      }
      case "set": {
        const made = new Set<unknown>();
        const fill = (): void => {
          for (const slot of parts) made.add(this.#valueOf(slot));
        };
        return { made, fill };
      }
      case "error":
        return this.#error(parts);
      case "view":
        return { made: this.#view(parts) };
      default:
        return { made: valueObject(kind, parts) };
    }
  }

  #array(
    kind: "array" | "sparse",
    parts: readonly unknown[],
  ): { readonly made: unknown[]; readonly fill: FillIn } {
    const made: unknown[] = [];
    const fill = (): void => {
      if (kind === "array") {
        for (const slot of parts) made.push(this.#valueOf(slot));
        return;
      }
      const [length, ...items] = parts;
      made.length = countIn(length, MAX_SPARSE_LENGTH, "length");
      for (const [index, slot] of pairs(items))
        made[countIn(index, made.length - 1, "index")] = this.#valueOf(slot);
    };
    return { made, fill };
  }

  #error([name, message, ...parts]: readonly unknown[]): { readonly made: Error; readonly fill: FillIn } {
    const text = stringIn(message, "message");
    const made = name === AGGREGATE ? new AggregateError([], text) : new (classOf(errorClasses, name))(text);
    // The frames would be those of this file.
    hide(made, "stack", `${String(name)}: ${text}`);
    const fill = (): void => {
      this.#define(made, parts);
      for (const key of HIDDEN_IN_ERRORS)
        if (Object.hasOwn(made, key)) hide(made, key, Reflect.get(made, key));
    };
    return { made, fill };
  }

  #view([name, slot, offset, length]: readonly unknown[]): object {
    const buffer = this.#valueOf(slot);
    if (!(buffer instanceof ArrayBuffer)) throw new SyntaxError("a view of something else than a buffer");
    const limit = buffer.byteLength;
    return new (classOf(viewClasses, name))(
      buffer,
      countIn(offset, limit, "offset"),
      countIn(length, limit, "length"),
    );
  }

  #define(made: object, parts: readonly unknown[]): void {
    for (const [key, slot] of pairs(parts)) {
      // Defined, not assigned: assigning a key named "__proto__" would exchange the prototype.
      Object.defineProperty(made, stringIn(key, "key"), {
        value: this.#valueOf(slot),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
}

/** An object that is complete as soon as it is made. */
function valueObject(kind: unknown, [first, second, third]: readonly unknown[]): object {
  switch (kind) {
    case "date":
      return new Date(first === null ? Number.NaN : numberIn(first, "time"));
    case "regexp": {
      const made = new RegExp(stringIn(first, "source"), stringIn(second, "flags"));
      made.lastIndex = numberIn(third, "lastIndex");
      return made;
    }
    case "url":
      return new URL(stringIn(first, "href"));
    case "buffer":
      return bufferIn(first);
    case "bytes":
      return Buffer.from(bufferIn(first));
    default:
      throw new SyntaxError("a node of an unknown kind");
  }
}

function nodeOf(node: unknown, number: number): readonly unknown[] {
  if (!Array.isArray(node)) throw new SyntaxError(`node ${number}, which is not a list`);
  return node;
}

function bareObject(): object {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.create` is typed as any
  return Object.create(null) as object;
}

function* pairs(parts: readonly unknown[]): Generator<readonly [unknown, unknown]> {
  if (parts.length % 2 !== 0) throw new SyntaxError("a key without a value");
  for (let index = 0; index < parts.length; index += 2) yield [parts[index], parts[index + 1]];
}

function classOf<Class>(classes: ReadonlyMap<unknown, Class>, name: unknown): Class {
  const found = classes.get(name);
  if (found === undefined) throw new SyntaxError("an instance of an unknown class");
  return found;
}

function hide(made: object, key: string, value: unknown): void {
  Object.defineProperty(made, key, { value, writable: true, enumerable: false, configurable: true });
}

function bigIntOf(digits: unknown): bigint {
  const text = stringIn(digits, "BigInt");
  if (text.length > MAX_BIGINT_DIGITS || !/^-?[\da-f]+$/.test(text)) throw new SyntaxError("a wrong BigInt");
  return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

function stringIn(value: unknown, what: string): string {
  if (typeof value !== "string") throw new SyntaxError(`a wrong ${what}`);
  return value;
}

function bufferIn(value: unknown): ArrayBuffer {
  const text = stringIn(value, "content");
  const bytes = Buffer.from(text, "base64");
  // Node skips what is not base64.
  if (bytes.toString("base64") !== text) throw new SyntaxError("wrong base64");
  // A copy: Node cuts small ones from a buffer that belongs to everybody.
  return new Uint8Array(bytes).buffer;
}

function numberIn(value: unknown, what: string): number {
  if (typeof value !== "number") throw new SyntaxError(`a wrong ${what}`);
  return value;
}

function countIn(value: unknown, max: number, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max)
    throw new SyntaxError(`a wrong ${what}`);
  return value;
}
