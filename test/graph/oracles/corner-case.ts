/** A few files and every edge between them, judged by hand. */
export interface CornerCase {
  /** The law, read before "so says esbuild". */
  readonly law: string;
  readonly files: Readonly<Record<string, string>>;
  /** `from -> to`. */
  readonly edges: readonly string[];
  /** Why an oracle says something else, by its name; to be read after "it". */
  readonly differs?: Readonly<Record<string, string>>;
  /** Paths of links and what they point to. */
  readonly links?: Readonly<Record<string, string>>;
}

/** Edges from the route, which most cases have only one file of interest in. */
export function fromRoute(...targets: readonly string[]): readonly string[] {
  return targets.map((target) => `${route} -> ${target}`);
}

/** The file that stands for a route in every case. */
export const route = "pages/api/route.ts";
