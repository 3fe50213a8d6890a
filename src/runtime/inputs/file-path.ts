import path from "node:path";
import { fileURLToPath } from "node:url";

/** The file that an argument of a function of `fs` names; `undefined` for open files and for what names none. */
export function filePathOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return path.resolve(argument);
  if (argument instanceof Uint8Array) return path.resolve(Buffer.from(argument).toString());
  if (argument instanceof URL && argument.protocol === "file:") return pathOfUrl(argument);
  return undefined;
}

function pathOfUrl(url: URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    // A URL that names no file: whoever was called says so, in Node's own words.
    return undefined;
  }
}

/** Whether `open` with these flags leaves the content alone. */
export function opensForReading(flags: unknown): boolean {
  if (typeof flags === "number") return (flags & ACCESS_MODE) === 0;
  return typeof flags !== "string" || /^r(?!.*\+)/.test(flags);
}

/** Whether `open` with these flags can show what was in the file. */
export function opensWhatIsThere(flags: unknown): boolean {
  if (typeof flags === "number") return (flags & ACCESS_MODE) !== WRITE_ONLY;
  return typeof flags !== "string" || flags.startsWith("r");
}

const ACCESS_MODE = 3;
const WRITE_ONLY = 1;
