import { isSame } from "../values/compare.ts";
import { isPlainObject } from "../values/kinds.ts";
import { freshKeys } from "./cache.ts";
import type { AnyEntry, CacheBody, CacheKey, HistoryEntry, RateLimitBody, StateObject } from "./entries.ts";
import { emptyContents } from "./empty-contents.ts";
import { liveEntries } from "./registry.ts";
import { forgotten, stateRules, withDefaults, withOnly } from "./state-body.ts";
import { writeEntry } from "./transaction.ts";

/** What a piece of explicit state holds. The values are its own: do not change them. */
export type InspectedState =
  | {
      readonly kind: "handler" | "store";
      /** The state of a handler, or the value of a store; `undefined` for a store whose value was deleted. */
      readonly value: unknown;
      readonly history: readonly HistoryEntry<StateObject>[];
    }
  | { readonly kind: "cache"; readonly records: readonly InspectedRecord[] }
  | {
      readonly kind: "rate-limit";
      readonly maxRequests: number;
      readonly windows: readonly {
        readonly identifier: string | undefined;
        readonly count: number;
        /** Epoch milliseconds. */
        readonly endsAt: number;
      }[];
    }
  | { readonly kind: "singleton"; readonly value: unknown };

/** One value of a cache that has not expired. */
export interface InspectedRecord {
  readonly key: CacheKey;
  readonly value: unknown;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Look into a piece of explicit state, if there is one. That counts as no use of it. */
export function inspectState(kind: string, id: string, now: number = Date.now()): InspectedState | undefined {
  const entry = find(kind, id);
  if (entry?.live === undefined) return undefined;
  switch (entry.kind) {
    case "handler":
      return { kind: entry.kind, value: entry.live.state, history: entry.live.history };
    case "store":
      return { kind: entry.kind, value: entry.live.state["value"], history: entry.live.history };
    case "cache":
      return { kind: entry.kind, records: recordsOf(entry.live, now) };
    case "rate-limit":
      return { kind: entry.kind, ...windowsOf(entry.live, now) };
    case "singleton":
  }
  return { kind: entry.kind, value: entry.live.value };
}

/**
 * Give a handler's state or a store another value, as one change. What is the same as before stays the very same.
 *
 * @param value of a handler, a plain object
 */
export function replaceState(kind: "handler" | "store", id: string, value: unknown): void {
  const entry = find(kind, id);
  if (entry?.kind !== "handler" && entry?.kind !== "store") return;
  const wanted: unknown = kind === "store" ? { value } : value;
  if (!isPlainObject(wanted)) return;
  writeEntry(entry, stateRules, (body = forgotten()) => {
    const values = Object.entries(wanted).map(([key, next]) => {
      const before = body.state[key];
      return [key, isSame(before, next) ? before : next];
    });
    return withOnly(body, Object.fromEntries(values), Date.now);
  });
}

/** Put a state or a store back to its initial value, and empty a cache or a limit. Singletons stay. */
export function resetState(kind: string, id: string): void {
  const entry = find(kind, id);
  switch (entry?.kind) {
    case "handler":
    case "store":
      writeEntry(entry, stateRules, (body = forgotten()) => withDefaults(body, Date.now));
      break;
    case "cache":
    case "rate-limit":
      emptyContents(entry);
      break;
    case "singleton":
    case undefined:
  }
}

/** What JSON can say of a value, and of an object literal also what it cannot say, by key. */
export interface JsonParts {
  /** `undefined` where that is nothing. */
  readonly sayable: unknown;
  readonly others: StateObject;
}

/** Part a value by what JSON can say. No getter is run. */
export function jsonPartsOf(value: unknown): JsonParts {
  if (!isPlainObject(value)) return { sayable: isJson(value) ? value : undefined, others: {} };
  const sayable: [string, unknown][] = [];
  const others: [string, unknown][] = [];
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value)))
    ("value" in property && isJson(property.value) ? sayable : others).push([key, property.value]);
  return { sayable: Object.fromEntries(sayable), others: Object.fromEntries(others) };
}

/** How many values {@link isJson} looks at: what holds more is too large to be edited as a text. */
const MAX_VALUES = 20_000;

/** Whether JSON says all of a value, and reading it gives the same again. */
function isJson(value: unknown): boolean {
  let left = MAX_VALUES;
  const above = new Set<unknown>();
  const isSayable = (part: unknown): boolean => {
    if (left-- <= 0) return false;
    if (part === null || typeof part === "string" || typeof part === "boolean") return true;
    if (typeof part === "number") return Number.isFinite(part) && !Object.is(part, -0);
    if (above.has(part)) return false;
    const parts = partsOf(part);
    above.add(part);
    const isWhole = parts?.every(isSayable) ?? false;
    above.delete(part);
    return isWhole;
  };
  return isSayable(value);
}

/** The values in an array or an object literal, unless it has more to it than JSON says. No getter is run. */
function partsOf(value: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(value) && !isPlainObject(value)) return undefined;
  const names = Reflect.ownKeys(value).filter((name) => !(Array.isArray(value) && name === "length"));
  if (Array.isArray(value) && names.length !== value.length) return undefined;
  const parts: unknown[] = [];
  for (const name of names) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    if (typeof name === "symbol" || property?.enumerable !== true || !("value" in property)) return undefined;
    parts.push(property.value);
  }
  return parts;
}

function find(kind: string, id: string): AnyEntry | undefined {
  return liveEntries().find((entry) => entry.kind === kind && entry.key === id);
}

function recordsOf(body: CacheBody, now: number): readonly InspectedRecord[] {
  return freshKeys(body, now).flatMap((key) => {
    const record = body.records.get(key);
    if (record === undefined) return [];
    return [{ key, value: record.value, endsAt: record.storedAt + (record.ttlMs ?? body.ttlMs) }];
  });
}

function windowsOf(
  { windows, windowMs, maxRequests }: RateLimitBody,
  now: number,
): Omit<InspectedState & { readonly kind: "rate-limit" }, "kind"> {
  const open = [...windows]
    .map(([identifier, { startedAt, count }]) => ({ identifier, count, endsAt: startedAt + windowMs }))
    .filter(({ endsAt }) => endsAt > now);
  return { maxRequests, windows: open };
}
