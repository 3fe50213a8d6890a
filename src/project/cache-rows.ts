import type { ImportRequest } from "../graph/index.ts";
import type { Target } from "./file-resolver.ts";
import type { FileRecord } from "./file-records.ts";
import type { Names } from "./paths.ts";

/** One module as it is stored. */
export interface StoredModule {
  readonly record: FileRecord;
  /** Where its requests led, as far as that can be believed. */
  readonly targets: readonly (Target | undefined)[];
}

/** One module as it is known. */
export interface LinkedModule extends StoredModule {
  readonly targets: readonly Target[];
}

/**
 * Modules as they are written. Many ask for the same and are led to the same: that is written once, and once it is read
 * it is one object for all of them.
 */
export interface CacheRows {
  readonly requests: readonly ImportRequest[];
  readonly ends: readonly string[];
  readonly modules: readonly Row[];
}

type Row = readonly [
  name: string,
  mtimeMs: number,
  size: number,
  hash: string,
  fingerprint: string,
  isBroken: boolean,
  /** By their places in the list of all. */
  requests: readonly number[],
  /** By their places in the list of all. */
  ends: readonly number[],
  globs: FileRecord["imports"]["globs"],
  opaque: FileRecord["imports"]["opaque"],
];

export function toRows(modules: Iterable<readonly [string, LinkedModule]>, names: Names): CacheRows {
  const requests = new Places<ImportRequest>();
  const ends = new Places<string>();
  const toRow = ([file, { record, targets }]: readonly [string, LinkedModule]): Row => {
    const { mtimeMs, size, hash, fingerprint, isBroken, imports } = record;
    return [
      names.of(file),
      mtimeMs,
      size,
      hash,
      fingerprint,
      isBroken,
      imports.requests.map((request) => requests.placeOf(keyOf(request), request)),
      targets.map((target) => toEnd(target, names)).map((end) => ends.placeOf(end, end)),
      imports.globs,
      imports.opaque,
    ];
  };
  const rows = Array.from(modules, toRow);
  return { requests: requests.values, ends: ends.values, modules: rows };
}

/** Throws for a row that nobody has written. `targetOf` is asked once for all that end in the same. */
export function fromRows(
  rows: CacheRows,
  names: Names,
  targetOf: (end: string) => Target | undefined,
): ReadonlyMap<string, StoredModule> {
  const targets = rows.ends.map((end) => [targetOf(end)] as const);
  const modules = new Map<string, StoredModule>();
  for (const row of rows.modules) {
    if (!isRow(row)) throw new TypeError("A row of the stored graph has another shape.");
    const [name, mtimeMs, size, hash, fingerprint, isBroken, asked, ends, globs, opaque] = row;
    const requests = asked.map((place) => existing(rows.requests[place]));
    const imports = { requests, globs, opaque };
    const record = { mtimeMs, size, hash, fingerprint, isBroken, imports };
    modules.set(names.fileOf(name), { record, targets: ends.map((place) => existing(targets[place])[0]) });
  }
  return modules;
}

export function isCacheRows(value: object): value is CacheRows {
  const { requests, ends, modules }: Partial<Record<string, unknown>> = { ...value };
  return (
    Array.isArray(requests) &&
    requests.every(isRequest) &&
    Array.isArray(ends) &&
    ends.every((end) => typeof end === "string") &&
    Array.isArray(modules)
  );
}

/** A list in which everything stands once. */
class Places<Value> {
  readonly values: Value[] = [];
  readonly #places = new Map<string, number>();

  placeOf(key: string, value: Value): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.values.push(value) - 1;
    this.#places.set(key, place);
    return place;
  }
}

function keyOf({ kind, specifier, isInjected }: ImportRequest): string {
  return `${kind} ${isInjected === true} ${specifier}`;
}

function existing<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError("The stored graph has no such place.");
  return value;
}

/** Only what can be believed later: the rest is looked for again, and so is what a plugin said. */
function toEnd(target: Target, names: Names): string {
  if (target.kind === "external") return `e${target.name}`;
  if (target.kind === "ignored") return "i";
  return target.kind === "file" && !target.isFromPlugin ? `f${names.of(target.file)}` : "";
}

/** Where an end leads; `undefined` for what has to be looked for. */
export function fromEnd(end: string, names: Names): Target | undefined {
  const name = end.slice(1);
  if (end.startsWith("f")) return { kind: "file", file: names.fileOf(name) };
  if (end === "i") return { kind: "ignored" };
  return end.startsWith("e") ? { kind: "external", name } : undefined;
}

function isRequest(value: unknown): value is ImportRequest {
  if (typeof value !== "object" || value === null) return false;
  const { specifier, kind }: { readonly specifier?: unknown; readonly kind?: unknown } = value;
  return typeof specifier === "string" && typeof kind === "string";
}

function isRow(value: unknown): value is Row {
  if (!Array.isArray(value)) return false;
  const row = value as readonly unknown[];
  const [name, mtimeMs, size, hash, fingerprint, isBroken, requests, ends, globs, opaque] = row;
  return (
    typeof name === "string" &&
    typeof mtimeMs === "number" &&
    typeof size === "number" &&
    typeof hash === "string" &&
    typeof fingerprint === "string" &&
    typeof isBroken === "boolean" &&
    Array.isArray(requests) &&
    Array.isArray(ends) &&
    requests.length === ends.length &&
    Array.isArray(globs) &&
    Array.isArray(opaque)
  );
}
