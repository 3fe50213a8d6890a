const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));
const CODES: readonly number[] = Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const PADDING = "=".charCodeAt(0);
/** A whole number of groups, and not more arguments than a call can have. */
const CHUNK = 3 * 4096;

/** Bytes as base64. Written here because the library of this folder runs in any JavaScript. */
export function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK) chunks.push(chunkOf(bytes, start));
  return chunks.join("");
}

/** @throws SyntaxError when the text is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw new SyntaxError("base64 of a wrong length");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    const isLast = from + 4 === text.length;
    const group =
      (valueAt(text, from) << 18) |
      (valueAt(text, from + 1) << 12) |
      ((isLast && padding === 2 ? 0 : valueAt(text, from + 2)) << 6) |
      (isLast && padding > 0 ? 0 : valueAt(text, from + 3));
    // What lies beyond the end of a typed array is not written.
    bytes[to] = group >> 16;
    bytes[to + 1] = (group >> 8) & 255;
    bytes[to + 2] = group & 255;
  }
  return bytes;
}

function chunkOf(bytes: Uint8Array, start: number): string {
  const end = Math.min(start + CHUNK, bytes.length);
  const codes: number[] = [];
  for (let at = start; at < end; at += 3) {
    const left = end - at;
    const group = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
    codes.push(
      codeOf(group >> 18),
      codeOf((group >> 12) & 63),
      left > 1 ? codeOf((group >> 6) & 63) : PADDING,
      left > 2 ? codeOf(group & 63) : PADDING,
    );
  }
  return String.fromCharCode(...codes);
}

function codeOf(value: number): number {
  return CODES[value] ?? PADDING;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function valueAt(text: string, index: number): number {
  const value = VALUES.get(text.charAt(index));
  if (value === undefined) throw new SyntaxError("a character that base64 does not have");
  return value;
}
