import { expectCount, expectDuration, expectFunction, expectKey } from "./argument.ts";
import type { CacheBody, CacheKey, CacheRecord } from "./entries.ts";
import { entryOf } from "./registry.ts";
import { mentionOnce } from "./report.ts";
import { open, type EntryRules } from "./transaction.ts";

/** Values that expire. */
export interface Cache<Value = unknown> {
  /** The value, or `undefined` when it is absent or expired. */
  readonly get: (key: CacheKey) => Value | undefined;
  /**
   * Stores a value.
   * @param customTtl Milliseconds until this value expires, instead of the cache's own.
   * @throws RangeError or TypeError when `customTtl` is not a number above 0.
   */
  readonly set: (key: CacheKey, value: Value, customTtl?: number) => void;
  /** @returns Whether there was a value that had not expired. */
  readonly delete: (key: CacheKey) => boolean;
  /** Lets go of all values. The counts of hits and misses stay. */
  readonly clear: () => void;
  /** How many values there are that have not expired. */
  readonly size: () => number;
  /** The keys of those values, the least recently used first. */
  readonly keys: () => CacheKey[];
}

/** Options of {@link createCache}. */
export interface CacheOptions {
  /**
   * How many values are held at most; the least recently used one makes room.
   * @default Infinity
   */
  readonly maxEntries?: number;
  /**
   * The clock, in epoch milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
}

/** Records are never changed in place, so a fork has to copy the map only. */
export const cacheRules: EntryRules<CacheBody> = {
  fork: (body) => ({ ...body, records: new Map(body.records) }),
  contents: () => undefined,
  onChange: () => undefined,
  restored: (saved, body = emptyCache()) =>
    saved.kind === "cache"
      ? { ...body, records: new Map(saved.records.map(({ key, ...record }) => [key, record])) }
      : body,
};

const FIRST_SWEEP = 64;

/** Marks what {@link createCache} returns, whichever copy of this package has made it. */
const CACHE: symbol = Symbol.for("orbit-hmr:cache");

/** Whether a value is a cache of this package. */
export function isCache(value: unknown): value is Cache {
  return typeof value === "object" && value !== null && CACHE in value;
}

/**
 * A cache that survives new code. Every `createCache` with the same key is the same cache; a time to live or a maximum
 * that was edited applies to the values that are there, too. No timer: expiry is checked when the cache is used.
 *
 * @param ttlMs Milliseconds until a value expires; `Infinity` for never.
 * @throws TypeError or RangeError when an argument is wrong.
 * @example
 * const users = createCache<User>("users", 10 * 60 * 1000);
 * users.set("user:123", user);
 */
export function createCache<Value = unknown>(
  key: string,
  ttlMs: number = 300_000,
  options: CacheOptions = {},
): Cache<Value> {
  const { maxEntries = Infinity, now = Date.now } = options;
  expectKey("createCache", "key", key);
  expectDuration("createCache", "ttlMs", ttlMs);
  expectCount("createCache", "options.maxEntries", maxEntries);
  expectFunction("createCache", "options.now", now);
  const { read, write } = open(entryOf("cache", key), cacheRules, (kept = emptyCache()) => ({
    ...kept,
    ttlMs,
    maxEntries,
  }));

  const cache: Cache<Value> = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key is the contract: one key, one type
    get: (name) => lookUp(read(), name, now()) as Value | undefined,
    set(name, value, customTtl) {
      if (customTtl !== undefined) expectDuration("cache.set", "customTtl", customTtl);
      const storedAt = now();
      const record: CacheRecord = {
        value,
        storedAt,
        ...(customTtl === undefined ? {} : { ttlMs: customTtl }),
      };
      write((body) => withRecord(body, { cache: key, name, record }));
    },
    delete(name) {
      const record = read().records.get(name);
      const had = record !== undefined && !isExpired(read(), record, now());
      write((body) => {
        body.records.delete(name);
        return body;
      });
      return had;
    },
    clear: () => void write(withoutRecords),
    size: () => freshKeys(read(), now()).length,
    keys: () => freshKeys(read(), now()),
  };
  return Object.defineProperty(cache, CACHE, { value: true });
}

/** A cache with nothing in it, as if `createCache` had been called with its defaults. */
export function emptyCache(): CacheBody {
  return {
    records: new Map(),
    ttlMs: 300_000,
    maxEntries: Infinity,
    hits: 0,
    misses: 0,
    sweepAt: FIRST_SWEEP,
  };
}

/** Removes all records. */
export function withoutRecords(body: CacheBody): CacheBody {
  body.records.clear();
  return body;
}

/** Removes expired records. @returns How many. */
export function removeExpired(body: CacheBody, at: number): number {
  const before = body.records.size;
  for (const [key, record] of body.records) if (isExpired(body, record, at)) body.records.delete(key);
  return before - body.records.size;
}

/** The keys of records that have not expired, the least recently used first. */
export function freshKeys(body: CacheBody, at: number): CacheKey[] {
  return [...body.records].filter(([, record]) => !isExpired(body, record, at)).map(([key]) => key);
}

function lookUp(body: CacheBody, key: CacheKey, at: number): unknown {
  const record = body.records.get(key);
  if (record === undefined || isExpired(body, record, at)) {
    body.records.delete(key);
    body.misses += 1;
    return undefined;
  }
  body.hits += 1;
  // To the end: a Map keeps the order of insertion, and the first record is the least recently used one.
  body.records.delete(key);
  body.records.set(key, record);
  return record.value;
}

interface CacheAddition {
  readonly cache: string;
  readonly name: CacheKey;
  readonly record: CacheRecord;
}

function withRecord(body: CacheBody, { cache, name, record }: CacheAddition): CacheBody {
  const { records, maxEntries } = body;
  records.delete(name);
  records.set(name, record);
  // Expired records that nobody asks for again must not pile up: looking each time the cache has doubled is cheap.
  if (records.size > Math.min(body.sweepAt, maxEntries)) {
    removeExpired(body, record.storedAt);
    body.sweepAt = Math.max(FIRST_SWEEP, 2 * records.size);
  }
  for (const [oldest] of records) {
    if (records.size <= maxEntries) break;
    records.delete(oldest);
    mentionOnce(
      `evicted ${cache}`,
      `Cache "${cache}" is full (maxEntries: ${maxEntries}): the least recently used values make room.`,
    );
  }
  return body;
}

function isExpired(body: CacheBody, record: CacheRecord, at: number): boolean {
  return record.storedAt + (record.ttlMs ?? body.ttlMs) <= at;
}
