/** A stretch of text as a terminal would show it. */
export interface ColouredText {
  readonly text: string;
  /** Names of classes: `bold`, `dim`, `red`. */
  readonly styles: readonly string[];
}

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

// oxlint-disable-next-line no-control-regex -- what terminals understand begins with one
const ESCAPES = /\u001B(?:\[([\d;:]*)([A-Za-z])|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** Read the colours of a text for terminals. Sequences that mean anything else are left out. */
export function colouredTexts(text: string): readonly ColouredText[] {
  const parts: ColouredText[] = [];
  let styles: readonly string[] = [];
  let end = 0;
  for (const match of text.matchAll(ESCAPES)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), styles });
    end = match.index + match[0].length;
    if (match[2] === "m") styles = stylesAfter(styles, match[1] ?? "");
  }
  if (end < text.length) parts.push({ text: text.slice(end), styles });
  return parts;
}

type Styles = ColouredText["styles"];

function stylesAfter(before: Styles, codes: string): Styles {
  const all = codes.split(/[;:]/).map(Number);
  let styles = before;
  while (all.length > 0) styles = stylesWith(styles, all.splice(0, lengthOf(all)));
  return styles;
}

/** A colour is one number, one of 256 after two others, or its parts after two others. */
function lengthOf([code = 0, kind]: readonly number[]): number {
  if (code !== 38 && code !== 48) return 1;
  return kind === 5 ? 3 : 5;
}

function stylesWith(styles: Styles, [code = 0, kind, colour = -1]: readonly number[]): Styles {
  if (code === 0) return [];
  if (code === 1 || code === 2) return [...styles, code === 1 ? "bold" : "dim"];
  if (code === 22) return without(styles, ["bold", "dim"]);
  if (code === 39) return without(styles, COLOURS);
  const isByNumber = code === 38;
  // The bright ones have the names of the others, and so have the first sixteen of 256.
  const name = isByNumber ? nameOfNumber(kind, colour) : (COLOURS[code - 30] ?? COLOURS[code - 90]);
  if (name === undefined && !isByNumber) return styles;
  return [...without(styles, COLOURS), ...(name === undefined ? [] : [name])];
}

function nameOfNumber(kind: number | undefined, colour: number): string | undefined {
  return kind === 5 && colour < 16 ? COLOURS[colour % 8] : undefined;
}

function without(styles: Styles, names: Styles): Styles {
  return styles.filter((style) => !names.includes(style));
}
