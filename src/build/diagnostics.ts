import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "../protocol/build.ts";

/**
 * How a program writes what is wrong: by the name of one that writes like it, or as an expression with the groups `message`,
 * and `file`, `line`, `column` and `level` where it has them.
 */
export type DiagnosticsFormat = "rustc" | "asc" | "gcc" | RegExp;

/** `src/main.c:3:5: error: expected ';'`, as gcc, clang, and many others have it. */
const GCC =
  /^(?<file>(?:[A-Za-z]:)?[^\s:][^:\n]*):(?<line>\d+):(?:(?<column>\d+):)? *(?<level>fatal error|error|warning|note): *(?<message>.*)$/gm;

/** Two lines: `error[E0308]: mismatched types`, then ` --> src/main.rs:3:5`. */
const RUSTC =
  /^(?<level>error|warning)(?:\[\w+\])?: (?<message>.*)\n *--> (?<file>[^\n]+?):(?<line>\d+):(?<column>\d+)$/gm;

/** `ERROR TS2322: Type …`, the code, and below it `└─ in assembly/index.ts(1,35)`. */
const ASC =
  /^(?<level>ERROR|WARNING|INFO) (?<message>[A-Z]+\d+: .*)\n(?:(?!ERROR |WARNING |INFO ).*\n)*? *└─ in (?<file>.+?)\((?<line>\d+),(?<column>\d+)\)/gm;

const EXPRESSIONS: Readonly<Record<Exclude<DiagnosticsFormat, RegExp>, RegExp>> = {
  rustc: RUSTC,
  asc: ASC,
  gcc: GCC,
};

/**
 * Read what a program has printed about the sources. Where it is not known how it writes, all that is known is looked for.
 *
 * @param folder what file names are relative to
 * @param root what they are shown relative to
 */
export function readDiagnostics(
  output: string,
  {
    format,
    folder,
    root,
  }: { readonly format?: DiagnosticsFormat | undefined; readonly folder: string; readonly root: string },
): readonly Diagnostic[] {
  const text = stripVTControlCharacters(output).replaceAll("\r\n", "\n");
  const expressions = format === undefined ? Object.values(EXPRESSIONS) : [expressionOf(format)];
  const found = expressions.flatMap((expression) => Array.from(text.matchAll(expression)));
  return found
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ groups, 0: rendered }) => {
      const message = groups?.["message"]?.trim();
      if (groups === undefined || message === undefined) return [];
      const { file } = groups;
      return {
        level: levelOf(groups["level"]),
        message,
        file: file === undefined ? undefined : shownFile(path.resolve(folder, file), root),
        line: countIn(groups["line"]),
        column: countIn(groups["column"]),
        rendered,
      };
    });
}

function expressionOf(format: DiagnosticsFormat): RegExp {
  if (typeof format === "string") return EXPRESSIONS[format];
  return new RegExp(format.source, `${format.flags.replaceAll(/[gmy]/g, "")}gm`);
}

function levelOf(word = "error"): Diagnostic["level"] {
  if (/warn/i.test(word)) return "warning";
  return /note|info|hint|help/i.test(word) ? "note" : "error";
}

function countIn(digits: string | undefined): number | undefined {
  const count = Number(digits);
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

/** A file relative to the project where it is below that. */
export function shownFile(file: string, root: string): string {
  const name = path.relative(root, file);
  const isBelow = name !== "" && !name.startsWith("..") && !path.isAbsolute(name);
  return (isBelow ? name : file).replaceAll(path.sep, "/");
}
