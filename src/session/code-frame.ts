import { readFileSync } from "node:fs";

/** The source around a line, with the place marked. */
export function frameOf(
  file: string | undefined,
  place: { readonly line?: number | undefined; readonly column?: number | undefined } | undefined,
): string | undefined {
  if (file === undefined || place?.line === undefined) return undefined;
  const lines = readText(file)?.split(/\r?\n/);
  const { line, column = 1 } = place;
  if (lines?.[line - 1] === undefined) return undefined;
  const from = Math.max(1, line - 2);
  const shown = lines.slice(from - 1, line + 2);
  const width = String(from + shown.length - 1).length;
  return shown
    .flatMap((text, index) => {
      const number = from + index;
      const row = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`;
      return number === line
        ? [row, `  ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1))}^`]
        : [row];
    })
    .join("\n");
}

/** A file's text, as far as it can be read now. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The file may be gone by now: the message is shown without its code.
    return undefined;
  }
}
