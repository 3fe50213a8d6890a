import { compileGlob } from "./glob-pattern.ts";
import type { PathTest } from "./glob-pattern.ts";

/** Patterns whose folders are known: absolute paths, separated by `/`. */
export interface AbsoluteGlob {
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
}

/** Whether a file is one that a glob means. */
export function matcherOf({ wanted, unwanted }: AbsoluteGlob): PathTest {
  const yes = wanted.map(compileGlob);
  const no = unwanted.map(compileGlob);
  return (path) => yes.some((matches) => matches(path)) && !no.some((matches) => matches(path));
}
