import picomatch from "picomatch/posix.js";
import type { GlobRequest } from "./module-imports.ts";

/** Whether a path, separated by `/`, is one that a pattern means. */
export type PathTest = (path: string) => boolean;

/** How a glob is meant, beside its patterns. */
type GlobRules = Pick<GlobRequest, "isExhaustive" | "ignoresCase">;

/** Compile one pattern, without the `!` that leaves out what it means. It means what it means to Vite. */
export function compileGlob(pattern: string, { isExhaustive, ignoresCase }: GlobRules = {}): PathTest {
  const isMeant = picomatch(pattern, {
    dot: isExhaustive === true,
    ignore: isExhaustive === true ? [] : ["**/node_modules/**"],
    nocase: ignoresCase === true,
    noextglob: true,
    nonegate: true,
  });
  // Its further parameters ask for other answers, and who filters paths gives more than one.
  return (path) => isMeant(path);
}

/** A pattern in two: the folders that it names, empty for none, and what it says about what lies below them. */
export function splitGlob(pattern: string): { readonly folder: string; readonly below: string } {
  const { base, glob } = picomatch.scan(pattern, { nonegate: true });
  const end = pattern.lastIndexOf("/");
  const [folder, below] =
    glob === "" ? [pattern.slice(0, Math.max(end, 0)), pattern.slice(end + 1)] : [base, glob];
  return { folder: folder.replaceAll(/\\(?=.)/g, ""), below };
}
