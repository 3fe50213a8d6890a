import { debuglog } from "node:util";
import { decode } from "./encoding/decode.ts";
import { encode } from "./encoding/encode.ts";
import type { StoredValue } from "./state-lines.ts";
import { News } from "../report/news.ts";

/** With `NODE_DEBUG=orbit:cache`: what is stored, and who begins with it. */
const log = debuglog("orbit:cache");

/** A value in memory that is to outlive the process. */
export interface HeldValue {
  readonly id: string;
  /** For people: `store "cart"`. */
  readonly label: string;
  /** A place in it for people, from where it is in our own record. */
  readonly nameOf: (path: string) => string;
  /** While it is the same number, so is the value. Without one the value is compared each time. */
  readonly uses?: number;
  readonly value: () => unknown;
}

export interface KeptValuesInit {
  /** In characters, all values together. */
  readonly maxLength: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly say: (message: string) => void;
}

/** A value as it was when it was last looked at. */
interface HeldText {
  readonly label: string;
  readonly uses: number | undefined;
  readonly text: string;
  readonly isTooLarge: boolean;
}

/** A value that nobody has asked for in so many days is of code that is gone. */
const MAX_AGE_DAYS = 14;
const DAY_MS = 86_400_000;
const MAX_LISTED = 20;

/**
 * What the file contains, or is about to: the values of this process, and those that wait for code that has not been
 * loaded yet, here or in another server of the project.
 */
export class KeptValues {
  readonly #init: KeptValuesInit;
  #stored = new Map<string, StoredValue>();
  /** What this process holds. */
  readonly #held = new Map<string, HeldText>();
  readonly #news = new News();
  #isAhead = false;

  constructor(init: KeptValuesInit) {
    this.#init = init;
  }

  get ids(): readonly string[] {
    return [...this.#stored.keys()];
  }

  /**
   * Takes over what is in the file. Where another server has written a value that this process holds, the one that was
   * changed last stays; that also mends what is lost when two of them write at the same moment.
   */
  load(values: ReadonlyMap<string, StoredValue>): void {
    const oldest = this.#today() - MAX_AGE_DAYS;
    const next = new Map([...values].filter(([, { seenDay }]) => seenDay >= oldest));
    this.#isAhead ||= next.size < values.size;
    for (const [id, theirs] of next) {
      const ours = this.#held.has(id) ? this.#stored.get(id) : undefined;
      if (ours === undefined || ours.changedAt <= theirs.changedAt) continue;
      next.set(id, ours);
      this.#isAhead = true;
    }
    this.#stored = next;
    log("stored state: %d values", next.size);
  }

  /** The value that was stored under an id, unless this process holds it already. */
  recall(id: string, label: string): { readonly value: unknown } | undefined {
    const stored = this.#held.has(id) ? undefined : this.#stored.get(id);
    if (stored === undefined) return undefined;
    const decoded = decode(stored.text);
    log("%s: %s", label, decoded.status === "decoded" ? "begins with what is stored" : "cannot be read");
    if (decoded.status === "decoded") return decoded;
    this.#init.say(`${label} starts anew: what was stored of it cannot be read (${decoded.reason}).`);
    return undefined;
  }

  /** Nothing may be recalled of the ids that match. */
  forget(matches: (id: string) => boolean): void {
    for (const id of this.#stored.keys()) {
      if (matches(id) && this.#stored.delete(id)) this.#isAhead = true;
    }
  }

  /** Looks at what has changed in memory. */
  update(values: Iterable<HeldValue>): void {
    const present = new Set<string>();
    const leftOut: string[] = [];
    for (const held of values) {
      present.add(held.id);
      this.#updateOne(held, leftOut);
    }
    for (const id of this.#held.keys()) {
      if (present.has(id)) continue;
      this.#held.delete(id);
      if (this.#stored.delete(id)) this.#isAhead = true;
    }
    this.#tellLeftOut(leftOut);
  }

  /** What has to be written; `undefined` when the file has it all. */
  changes(): ReadonlyMap<string, StoredValue> | undefined {
    if (!this.#isAhead) return undefined;
    this.#isAhead = false;
    return this.all();
  }

  /** All that fits into the file. The largest values make room, because that leaves most of the others. */
  all(): ReadonlyMap<string, StoredValue> {
    let length = 0;
    for (const { text } of this.#stored.values()) length += text.length;
    if (length <= this.#init.maxLength) return this.#stored;
    const fitting = new Map(this.#stored);
    const bySize = [...this.#stored].toSorted(([, left], [, right]) => right.text.length - left.text.length);
    for (const [id, { text }] of bySize) {
      if (length <= this.#init.maxLength) break;
      length -= text.length;
      fitting.delete(id);
      this.#tellTooLarge(id, this.#held.get(id)?.label ?? id);
    }
    return fitting;
  }

  /** What was to be written could not be. */
  notWritten(): void {
    this.#isAhead = true;
  }

  #updateOne(value: HeldValue, leftOut: string[]): void {
    const { id, label, nameOf, uses } = value;
    const before = this.#held.get(id);
    const stored = this.#stored.get(id);
    if (stored !== undefined && stored.seenDay < this.#today()) this.#store(id, stored);
    if (isUnused(value, before) && (stored !== undefined || before?.isTooLarge === true)) return;
    const encoded = encode(value.value(), this.#init.maxLength);
    if (encoded.status === "too-large") {
      this.#tellTooLarge(id, label);
      if (this.#stored.delete(id)) this.#isAhead = true;
      this.#held.set(id, { label, uses, text: "", isTooLarge: true });
      return;
    }
    const { text } = encoded;
    // Compared with what we had, not with what is stored: another server may have changed that, and we have not.
    if (stored === undefined || text !== (before ?? stored).text)
      this.#store(id, { text, changedAt: this.#init.now() });
    this.#held.set(id, { label, uses, text, isTooLarge: false });
    for (const { path, pattern, what } of encoded.leftOut)
      if (this.#news.isNews(`${label}${pattern}`)) leftOut.push(`${nameOf(path)} (${what})`);
  }

  #store(id: string, { text, changedAt }: Omit<StoredValue, "seenDay">): void {
    this.#stored.set(id, { seenDay: this.#today(), changedAt, text });
    this.#isAhead = true;
  }

  #today(): number {
    return Math.floor(this.#init.now() / DAY_MS);
  }

  #tellLeftOut(places: readonly string[]): void {
    if (places.length === 0) return;
    const more = places.length > MAX_LISTED ? ` and ${places.length - MAX_LISTED} more` : "";
    this.#init.say(`Not kept over restarts: ${places.slice(0, MAX_LISTED).join(", ")}${more}.`);
  }

  #tellTooLarge(id: string, label: string): void {
    if (!this.#news.isNews(`too large ${id}`)) return;
    const megabytes = Math.round(this.#init.maxLength / 2 ** 20);
    this.#init.say(
      `Not kept over restarts: ${label}, because all state together is larger than ${megabytes} MB.`,
    );
  }
}

function isUnused({ uses }: HeldValue, before: HeldText | undefined): boolean {
  return uses !== undefined && before?.uses === uses;
}
