import { dataKindOf } from "./kinds.ts";
import type { Kind } from "./kinds.ts";

/** What one object holds at one moment, as far as it can be seen and compared. */
export interface Content {
  readonly kind: Kind;
  /** All that it holds, in order; of what has keys, keys and values in turn. */
  readonly parts: ArrayLike<unknown>;
  readonly isExtensible: boolean;
}

/** A getter, a setter or both: it stands for itself, for calling it could do anything. */
export class Accessor {
  readonly functions: AccessorFunctions;

  constructor(functions: AccessorFunctions) {
    this.functions = functions;
  }
}

interface AccessorFunctions {
  readonly get?: () => unknown;
  readonly set?: (value: unknown) => void;
}

/**
 * In place of the name of a `#private` field, which the language lets nobody read or write from outside: whoever can
 * read one all the same adds it to the parts of `fields`. No property has a number for a name.
 */
export const PRIVATE = 0;

/** What an object of a known kind holds now. Runs no getter. */
export function contentAs(kind: Kind, object: object): Content {
  return { kind, parts: rowOf(kind).parts(object), isExtensible: Object.isExtensible(object) };
}

/** What an object holds whose whole content can be seen; `undefined` for any other. */
export function dataContentOf(object: object): Content | undefined {
  const kind = dataKindOf(object);
  return kind && contentAs(kind, object);
}

/** Whether two looks at one object saw the same. */
export function isSameContent(before: Content, now: Content): boolean {
  const { length } = now.parts;
  if (before.parts.length !== length || before.isExtensible !== now.isExtensible) return false;
  for (let index = 0; index < length; index++) {
    if (!Object.is(before.parts[index], now.parts[index])) return false;
  }
  return true;
}

/** Put parts into an object in place of what it holds. What cannot be written (frozen, `#private`) stays. */
export function fill(kind: Kind, object: object, parts: ArrayLike<unknown>): void {
  rowOf(kind).fill(object, parts);
}

/** Another object of the kind. It holds nothing yet where it can be filled. */
export function blank(kind: Kind, object: object): object {
  return rowOf(kind).blank(object);
}

interface KindRow<Value> {
  readonly parts: (value: Value) => ArrayLike<unknown>;
  readonly fill: (value: Value, parts: ArrayLike<unknown>) => void;
  readonly blank: (value: Value) => Value;
}

interface ValueByKind {
  readonly object: object;
  readonly fields: object;
  readonly handle: object;
  readonly array: unknown[];
  readonly map: Map<unknown, unknown>;
  readonly set: Set<unknown>;
  readonly date: Date;
  readonly regexp: RegExp;
  readonly bytes: Uint8Array;
  readonly buffer: ArrayBuffer;
}

/** Methods are those of the classes, for an instance may have others under their names. */
const ROWS: { readonly [Each in Kind]: KindRow<ValueByKind[Each]> } = {
  object: {
    parts: (value) => fieldsOf(value, enumerableKeys(value)),
    fill: (value, parts) => fillFields(value, parts, enumerableKeys(value)),
    blank: bareOrPlain,
  },
  fields: {
    parts: (value) => fieldsOf(value, ownKeys(value)),
    fill: (value, parts) => fillFields(value, parts, ownKeys(value)),
    blank: bareOrPlain,
  },
  handle: { parts: () => NOTHING, fill: () => undefined, blank: (value) => value },
  array: { parts: itemsOf, fill: fillArray, blank: () => [] },
  map: {
    parts: (value) => {
      const parts: unknown[] = [];
      Map.prototype.forEach.call(value, (item: unknown, key: unknown) => parts.push(key, item));
      return parts;
    },
    fill: (value, parts) => {
      Map.prototype.clear.call(value);
      for (let index = 0; index < parts.length; index += 2)
        Map.prototype.set.call(value, parts[index], parts[index + 1]);
    },
    blank: () => new Map(),
  },
  set: {
    parts: (value) => {
      const parts: unknown[] = [];
      Set.prototype.forEach.call(value, (item: unknown) => parts.push(item));
      return parts;
    },
    fill: (value, parts) => {
      Set.prototype.clear.call(value);
      for (let index = 0; index < parts.length; index++) Set.prototype.add.call(value, parts[index]);
    },
    blank: () => new Set(),
  },
  date: {
    parts: (value) => [Date.prototype.getTime.call(value)],
    fill: (value, parts) => void Date.prototype.setTime.call(value, Number(parts[0])),
    blank: () => new Date(0),
  },
  regexp: {
    parts: ({ source, flags }) => [source, flags],
    fill: () => undefined,
    blank: (value) => new RegExp(value),
  },
  bytes: {
    // Of the base class on purpose: `slice` of Node's Buffer shares its memory.
    parts: (value) => Uint8Array.prototype.slice.call(value),
    fill: fillBytes,
    blank: (value) => Uint8Array.prototype.slice.call(value),
  },
  buffer: {
    parts: (value) => new Uint8Array(value.slice(0)),
    fill: (value, parts) => fillBytes(new Uint8Array(value), parts),
    blank: (value) => value.slice(0),
  },
};

function rowOf(kind: Kind): KindRow<object> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who names the kind has looked at the object
  return ROWS[kind] as unknown as KindRow<object>;
}

const NOTHING: readonly unknown[] = [];

function bareOrPlain(value: object): object {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.create` is typed as any
  return Object.getPrototypeOf(value) === null ? (Object.create(null) as object) : {};
}

/** What `{ ...value }` would take. */
function enumerableKeys(value: object): readonly PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length === 0) return Object.keys(value);
  const isEnumerable = (key: symbol): boolean => Object.prototype.propertyIsEnumerable.call(value, key);
  return [...Object.keys(value), ...symbols.filter(isEnumerable)];
}

const FUNCTIONS_OWN: ReadonlySet<PropertyKey> = new Set(["length", "name", "arguments", "caller"]);

function ownKeys(value: object): readonly PropertyKey[] {
  const keys = Reflect.ownKeys(value);
  return typeof value === "function" ? keys.filter((key) => !FUNCTIONS_OWN.has(key)) : keys;
}

function fieldsOf(value: object, keys: readonly PropertyKey[]): readonly unknown[] {
  const parts: unknown[] = [];
  for (const key of keys) {
    const property = Reflect.getOwnPropertyDescriptor(value, key);
    parts.push(key, property && (accessorOf(property) ?? property.value));
  }
  return parts;
}

const accessors = new WeakMap<object, Accessor>();

/** The same one each time that the same getter and setter are seen, so that it can be compared. */
function accessorOf({ get, set }: AccessorFunctions): Accessor | undefined {
  const first = get ?? set;
  if (first === undefined) return undefined;
  const known = accessors.get(first);
  if (known !== undefined && known.functions.get === get && known.functions.set === set) return known;
  const accessor = new Accessor({ ...(get && { get }), ...(set && { set }) });
  accessors.set(first, accessor);
  return accessor;
}

function fillFields(value: object, parts: ArrayLike<unknown>, keys: readonly PropertyKey[]): void {
  const before = propertiesIn(parts);
  const now = new Map(keys.map((key) => [key, Reflect.getOwnPropertyDescriptor(value, key)]));
  const order = [...before.keys()];
  if (order.length !== keys.length || !keys.every((key, index) => key === order[index])) {
    // What was taken out comes back in its place. Into an object that takes no key any more none can come back.
    const stay = Object.isExtensible(value) ? NO_PROPERTIES : before;
    for (const key of keys) if (!stay.has(key)) Reflect.deleteProperty(value, key);
  }
  for (const [key, part] of before) {
    const { writable = true, enumerable = true, configurable = true } = now.get(key) ?? {};
    const property = part instanceof Accessor ? part.functions : { value: part, writable };
    // Defined, not assigned: assigning a key named "__proto__" would exchange the prototype.
    Reflect.defineProperty(value, key, { ...property, enumerable, configurable });
  }
}

const NO_PROPERTIES: ReadonlyMap<PropertyKey, unknown> = new Map();

function propertiesIn(parts: ArrayLike<unknown>): ReadonlyMap<PropertyKey, unknown> {
  const properties = new Map<PropertyKey, unknown>();
  for (let index = 0; index < parts.length; index += 2) {
    const key = parts[index];
    if (typeof key === "string" || typeof key === "symbol") properties.set(key, parts[index + 1]);
  }
  return properties;
}

/** Holes stay holes. */
function itemsOf(array: readonly unknown[]): readonly unknown[] {
  // Methods of a subclass, and the class of what they make, are the program's.
  if (Object.getPrototypeOf(array) === Array.prototype && !Object.hasOwn(array, "constructor"))
    return array.slice();
  const items: unknown[] = [];
  items.length = array.length;
  for (let index = 0; index < array.length; index++) if (index in array) items[index] = array[index];
  return items;
}

function fillArray(array: unknown[], parts: ArrayLike<unknown>): void {
  for (let index = 0; index < parts.length; index++) {
    // A frozen array refuses, and is no error here.
    if (index in parts) Reflect.set(array, index, parts[index]);
    else Reflect.deleteProperty(array, index);
  }
  Reflect.set(array, "length", parts.length);
}

function fillBytes(bytes: Uint8Array, parts: ArrayLike<unknown>): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was read from bytes are bytes
  bytes.set(parts as ArrayLike<number>);
}
