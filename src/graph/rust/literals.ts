/** Where a string ends that begins with the quote at `at`; `-1` for one that does not. */
export function endOfQuoted(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const char = text.charAt(next);
    if (char === '"') return next + 1;
    if (char === "\\") next++;
  }
  return -1;
}

/**
 * Where a raw string ends whose `#` and quote begin at `at`; `-1` for one that does not, and `undefined` where there is no quote.
 * Each `#` is looked at once.
 */
export function endOfRaw(text: string, at: number): number | undefined {
  const fence = hashesAt(text, at);
  if (text.charAt(at + fence) !== '"') return undefined;
  for (let quote = at + fence; ;) {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0) return -1;
    const found = hashesAt(text, quote + 1, fence);
    if (found === fence) return quote + 1 + fence;
    quote += found;
  }
}

/** Where a character ends whose quote is at `at`; `undefined` for a lifetime, and for what is neither. */
export function endOfChar(text: string, at: number): number | undefined {
  if (text.charAt(at + 1) === "\\") return endOfEscape(text, at);
  const length = (text.codePointAt(at + 1) ?? 0) > 0xff_ff ? 2 : 1;
  const isClosed = text.charAt(at + 1) !== "'" && text.charAt(at + 1 + length) === "'";
  return isClosed ? at + 2 + length : undefined;
}

/** What a string stands for. */
export function unescaped(literal: string): string {
  const inner = literal.slice(1, literal.endsWith('"') && literal.length > 1 ? -1 : undefined);
  if (!inner.includes("\\")) return inner;
  const escapes = /\\(?:u\{([\da-fA-F_]{1,8})\}|x([\da-fA-F]{2})|\r?\n\s*|([^]))/g;
  return inner.replace(escapes, (_all, unicode?: string, byte?: string, char?: string) => {
    const code = unicode?.replaceAll("_", "") ?? byte;
    if (code !== undefined) return characterOf(Number.parseInt(code, 16));
    return char === undefined ? "" : (SHORT_ESCAPES.get(char) ?? char);
  });
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\0"],
]);
/** `'\u{10FFFF}'` is not longer than this. */
const LONGEST_ESCAPE = 16;

function endOfEscape(text: string, at: number): number | undefined {
  // The first character behind the backslash may be a quote.
  const end = text.slice(at + 3, at + LONGEST_ESCAPE).indexOf("'");
  return end < 0 ? undefined : at + 3 + end + 1;
}

function hashesAt(text: string, at: number, most = Number.POSITIVE_INFINITY): number {
  let count = 0;
  while (count < most && text.charAt(at + count) === "#") count++;
  return count;
}

function characterOf(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
}
