/** One place of a source map's `mappings`: a column of the text, and where it comes from. Columns count from 0. */
type Segment = readonly [column: number, ...rest: readonly number[]];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map(DIGITS.split("").map((digit, value) => [digit, value]));

/**
 * The mappings of a text that was edited within its lines.
 *
 * @param columnAfter where a column is after the edits. Lines and columns count from 1.
 */
export function shiftMappings(
  mappings: string,
  columnAfter: (line: number, column: number) => number,
): string {
  const shifted = mappings.split(";").map((text, index) => {
    let before = 0;
    let after = 0;
    return segmentsOf(text)
      .map(([delta, ...rest]) => {
        before += delta;
        const column = columnAfter(index + 1, before + 1) - 1;
        const segment = encoded([column - after, ...rest]);
        after = column;
        return segment;
      })
      .join(",");
  });
  return shifted.join(";");
}

/** The mappings of a text that is its own source: each line is the line it was. */
export function identityMappings(code: string): string {
  return code
    .split("\n")
    .map((_line, index) => (index === 0 ? "AAAA" : "AACA"))
    .join(";");
}

function segmentsOf(line: string): readonly Segment[] {
  return line === "" ? [] : line.split(",").map((segment) => decoded(segment));
}

/** Base64 digits of five bits each, least first; the sixth says that more follow, the first bit of all is the sign. */
function decoded(segment: string): Segment {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = VALUES.get(digit) ?? 0;
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  const [column = 0, ...rest] = numbers;
  return [column, ...rest];
}

function encoded(segment: Segment): string {
  return segment.map((number) => digitsOf(number < 0 ? (-number << 1) | 1 : number << 1)).join("");
}

function digitsOf(value: number): string {
  const rest = value >> 5;
  return (DIGITS[(value & 31) | (rest > 0 ? 32 : 0)] ?? "") + (rest > 0 ? digitsOf(rest) : "");
}
