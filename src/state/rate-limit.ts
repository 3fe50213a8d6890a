import { expectCount, expectDuration, expectFunction, expectKey } from "./argument.ts";
import { entryOf } from "./registry.ts";
import type { RateLimitBody, RateWindow } from "./entries.ts";
import { mentionOnce } from "./report.ts";
import { open, type EntryRules } from "./transaction.ts";

/** What a check found. */
export interface RateLimitResult {
  readonly allowed: boolean;
  /** How many requests are still allowed in this window. */
  readonly remaining: number;
  /** When the window ends, in epoch milliseconds. */
  readonly resetTime: number;
  /** How many requests were allowed in this window, this one included. Refused ones do not count. */
  readonly count: number;
}

/** Counts requests by identifier. */
export interface RateLimit {
  /**
   * Counts a request, if it is allowed.
   * @param identifier Who asks. All who have none (`null`, `undefined`) share one window.
   */
  readonly check: (identifier: string | null | undefined) => RateLimitResult;
  /** Lets the identifier begin a new window. */
  readonly reset: (identifier: string | null | undefined) => void;
  /** Lets everybody begin a new window. */
  readonly clear: () => void;
}

/** Options of {@link createRateLimit}. */
export interface RateLimitOptions {
  /**
   * How many identifiers are counted at a time. A new one beyond that replaces an expired one, or else the one whose
   * window ends first.
   * @default 10_000
   */
  readonly maxIdentifiers?: number;
  /**
   * The clock, in epoch milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
}

/** Windows are never changed in place, so a fork has to copy the map only. */
export const rateLimitRules: EntryRules<RateLimitBody> = {
  fork: (body) => ({ ...body, windows: new Map(body.windows) }),
  contents: () => undefined,
  onChange: () => undefined,
  restored: (saved, body = emptyRateLimit()) =>
    saved.kind === "rate-limit"
      ? { ...body, windows: new Map(saved.windows.map(({ identifier, ...window }) => [identifier, window])) }
      : body,
};

/**
 * A rate limit that survives new code: a fixed window for each identifier, which begins with its first request. Every
 * `createRateLimit` with the same key is the same limit; edited numbers apply to windows that are open, too.
 *
 * @param maxRequests Requests per window.
 * @param windowMs Length of a window in milliseconds.
 * @throws TypeError or RangeError when an argument is wrong.
 * @example
 * const limit = createRateLimit("api", 100, 15 * 60 * 1000);
 * if (!limit.check(request.ip).allowed) return new Response("Rate limited", { status: 429 });
 */
export function createRateLimit(
  key: string,
  maxRequests: number = 100,
  windowMs: number = 900_000,
  options: RateLimitOptions = {},
): RateLimit {
  const { maxIdentifiers = 10_000, now = Date.now } = options;
  expectKey("createRateLimit", "key", key);
  expectCount("createRateLimit", "maxRequests", maxRequests);
  expectDuration("createRateLimit", "windowMs", windowMs);
  expectCount("createRateLimit", "options.maxIdentifiers", maxIdentifiers);
  expectFunction("createRateLimit", "options.now", now);
  const { write } = open(entryOf("rate-limit", key), rateLimitRules, (kept = emptyRateLimit()) => ({
    ...kept,
    maxRequests,
    windowMs,
    maxIdentifiers,
  }));

  return {
    check(identifier) {
      const name = nameOf(identifier);
      const at = now();
      let allowed = false;
      const body = write((limit) => {
        const window = openWindow(limit, name, at);
        allowed = window.count < limit.maxRequests;
        return allowed
          ? withWindow(limit, { limit: key, name, window: { ...window, count: window.count + 1 } })
          : limit;
      });
      const { count, startedAt } = openWindow(body, name, at);
      const remaining = Math.max(0, body.maxRequests - count);
      return { allowed, remaining, resetTime: startedAt + body.windowMs, count };
    },
    reset(identifier) {
      write((body) => {
        body.windows.delete(nameOf(identifier));
        return body;
      });
    },
    clear: () => void write(withoutWindows),
  };
}

/** A limit nobody has met, as if `createRateLimit` had been called with its defaults. */
export function emptyRateLimit(): RateLimitBody {
  return { windows: new Map(), maxRequests: 100, windowMs: 900_000, maxIdentifiers: 10_000 };
}

/** Removes all windows. */
export function withoutWindows(body: RateLimitBody): RateLimitBody {
  body.windows.clear();
  return body;
}

/** Removes windows that have ended. @returns How many. */
export function removeEnded(body: RateLimitBody, at: number): number {
  const before = body.windows.size;
  for (const [name, window] of body.windows) if (hasEnded(body, window, at)) body.windows.delete(name);
  return before - body.windows.size;
}

function nameOf(identifier: string | null | undefined): string | undefined {
  // Not a reason to fail the request: `request.headers.get("x-client")` gives null.
  return identifier ?? undefined;
}

function openWindow(body: RateLimitBody, name: string | undefined, at: number): RateWindow {
  const window = body.windows.get(name);
  return window === undefined || hasEnded(body, window, at) ? { startedAt: at, count: 0 } : window;
}

interface WindowAddition {
  readonly limit: string;
  readonly name: string | undefined;
  readonly window: RateWindow;
}

function withWindow(body: RateLimitBody, { limit, name, window }: WindowAddition): RateLimitBody {
  const { windows, maxIdentifiers } = body;
  // A window that begins goes to the end of the Map. All are equally long, so the first one is the first to end: making
  // room from the front takes the ended ones first, then the one that ends soonest, without looking at the others.
  if (windows.get(name)?.startedAt !== window.startedAt) windows.delete(name);
  windows.set(name, window);
  for (const [oldest, { startedAt }] of windows) {
    if (windows.size <= maxIdentifiers) break;
    windows.delete(oldest);
    if (startedAt + body.windowMs > window.startedAt) {
      mentionOnce(
        `evicted limit ${limit}`,
        `Rate limit "${limit}" counts ${maxIdentifiers} identifiers at most: the windows that end soonest make room.`,
      );
    }
  }
  return body;
}

function hasEnded(body: RateLimitBody, window: RateWindow, at: number): boolean {
  return window.startedAt + body.windowMs <= at;
}
