import { stripVTControlCharacters } from "node:util";

/** File names and error messages come from anywhere: nothing in them may drive the terminal. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "");
}

/** {@link plain}, but for colours: other programs have theirs. */
export function coloursOnly(text: string): string {
  // oxlint-disable-next-line no-control-regex -- what sets a colour begins with one
  const parts = text.split(/(\u001B\[[\d;]*m)/);
  if (parts.length === 1) return plain(text);
  return `${parts.map((part, index) => (index % 2 === 1 ? part : plain(part))).join("")}\u001B[0m`;
}

/** {@link plain}, where a line break would begin something else. */
export function onOneLine(text: string): string {
  return plain(text).replaceAll("\n", " ");
}

/** Cells below each other, two blanks apart. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
