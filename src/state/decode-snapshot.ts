import { wrongArgument } from "./argument.ts";
import { copyOf } from "../values/copy.ts";
import { isPlainObject, type PlainObject } from "../values/kinds.ts";
import type { VersionedState } from "./entries.ts";
import type { SavedEntry, SavedRecord, SavedState, SavedWindow, StateSnapshot } from "./saved-state.ts";

const NAME = "globalStateManager.import";

/**
 * Reads a snapshot that came from anywhere. Nothing of it is shared with the result, and keys named `__proto__` stay
 * plain keys.
 * @throws TypeError that says which part is wrong.
 */
export function decodeSnapshot(input: unknown): StateSnapshot {
  const snapshot = object(input, "snapshot", "what globalStateManager.export() gave");
  if (snapshot["version"] !== 1) throw wrongArgument(NAME, "snapshot.version", "1", snapshot["version"]);
  const entries = list(snapshot["entries"], "snapshot.entries");
  return {
    version: 1,
    entries: entries.map((entry, index) => decodeEntry(entry, `snapshot.entries[${index}]`)),
  };
}

/** Reads one entry of a snapshot, like {@link decodeSnapshot}. */
export function decodeEntry(input: unknown, path: string): SavedEntry {
  const entry = object(input, path, "an object");
  const key = entry["key"];
  if (typeof key !== "string" || key === "")
    throw wrongArgument(NAME, `${path}.key`, "a non-empty string", key);
  const { kind } = entry as { readonly kind?: unknown };
  switch (kind) {
    case "handler":
    case "store":
      return decodeState(entry, { kind, key, path });
    case "cache":
      return {
        kind,
        key,
        records: list(entry["records"], `${path}.records`).map((record, index) =>
          decodeRecord(record, `${path}.records[${index}]`),
        ),
      };
    case "rate-limit":
      return {
        kind,
        key,
        windows: list(entry["windows"], `${path}.windows`).map((window, index) =>
          decodeWindow(window, `${path}.windows[${index}]`),
        ),
      };
    default:
      throw wrongArgument(NAME, `${path}.kind`, '"handler", "store", "cache" or "rate-limit"', kind);
  }
}

function decodeState(
  entry: PlainObject,
  { kind, key, path }: { readonly kind: SavedState["kind"]; readonly key: string; readonly path: string },
): SavedState {
  const { state, version, untouched, removed, setAside } = entry as Partial<
    Record<keyof SavedState, unknown>
  >;
  return {
    kind,
    key,
    state: copyOf(object(state, `${path}.state`, "an object")),
    ...(version === undefined ? {} : { version: formVersion(version, `${path}.version`) }),
    ...(untouched === undefined ? {} : { untouched: names(untouched, `${path}.untouched`) }),
    ...(removed === undefined ? {} : { removed: names(removed, `${path}.removed`) }),
    ...(setAside === undefined ? {} : { setAside: decodeSetAside(setAside, `${path}.setAside`) }),
  };
}

function decodeSetAside(input: unknown, path: string): VersionedState {
  const { state, version } = object(input, path, "an object") as Partial<
    Record<keyof VersionedState, unknown>
  >;
  return {
    state: copyOf(object(state, `${path}.state`, "an object")),
    version: formVersion(version, `${path}.version`),
  };
}

function decodeRecord(input: unknown, path: string): SavedRecord {
  const record = object(input, path, "an object");
  const { key, value, storedAt, ttlMs } = record as Partial<Record<keyof SavedRecord, unknown>>;
  if (typeof key !== "string" && typeof key !== "number" && key !== null && key !== undefined) {
    throw wrongArgument(NAME, `${path}.key`, "a string, a number, null or undefined", key);
  }
  const decoded = { key, value: copyOf(value), storedAt: time(storedAt, `${path}.storedAt`) };
  return ttlMs === undefined ? decoded : { ...decoded, ttlMs: time(ttlMs, `${path}.ttlMs`) };
}

function decodeWindow(input: unknown, path: string): SavedWindow {
  const window = object(input, path, "an object");
  const { identifier, startedAt, count } = window as Partial<Record<keyof SavedWindow, unknown>>;
  const decoded = { startedAt: time(startedAt, `${path}.startedAt`), count: time(count, `${path}.count`) };
  if (identifier === undefined) return decoded;
  if (typeof identifier !== "string") throw wrongArgument(NAME, `${path}.identifier`, "a string", identifier);
  return { ...decoded, identifier };
}

function object(value: unknown, path: string, expected: string): PlainObject {
  if (!isPlainObject(value)) throw wrongArgument(NAME, path, expected, value);
  return value;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongArgument(NAME, path, "an array", value);
  return value;
}

function names(value: unknown, path: string): readonly string[] {
  return list(value, path).map((name, index) => {
    if (typeof name !== "string") throw wrongArgument(NAME, `${path}[${index}]`, "a string", name);
    return name;
  });
}

function formVersion(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  throw wrongArgument(NAME, path, "a whole number of at least 1", value);
}

function time(value: unknown, path: string): number {
  if (typeof value !== "number" || !(value >= 0))
    throw wrongArgument(NAME, path, "a number of at least 0", value);
  return value;
}
