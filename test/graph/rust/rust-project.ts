import { rustGraph } from "../../../src/graph/rust/index.ts";
import type { RustEdgeKind, RustGraph, RustPackage } from "../../../src/graph/rust/index.ts";

/** Texts by name; crates are in the folders that their roots are below. */
export type Texts = Readonly<Record<string, string>>;

/** The roots that cargo looks for by itself. */
const ROOTS: readonly (readonly [RustPackage["targets"][number]["kind"], RegExp])[] = [
  ["lib", /^src\/lib\.rs$/],
  ["bin", /^src\/(?:main|bin\/[^/]+)\.rs$/],
  ["example", /^examples\/[^/]+\.rs$/],
  ["test", /^tests\/[^/]+\.rs$/],
  ["build", /^build\.rs$/],
];

/** A package in a folder of its own, as cargo would see it. */
export function packageIn(
  texts: Texts,
  folder: string,
  more: Partial<Pick<RustPackage, "edition" | "dependencies">> = {},
): RustPackage {
  const own = Object.keys(texts).filter((file) => file.startsWith(`${folder}/`));
  const targets = own.flatMap((file) =>
    ROOTS.filter(([, root]) => root.test(file.slice(folder.length + 1))).map(([kind]) => ({
      kind,
      name: kind === "lib" ? folder : file.replace(/^.*\/|\.rs$/g, ""),
      file,
    })),
  );
  return { name: folder, edition: "2021", folder, targets, dependencies: [], ...more };
}

/** The graph of one package in the folder `a`, whose texts are named from there. */
export function graphOf(texts: Texts, edition = "2021"): RustGraph {
  const placed = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`a/${name}`, text]));
  return rustGraph([packageIn(placed, "a", { edition })], new Map(Object.entries(placed)));
}

/** Edges as `from kind to`, without the folders of `a`. */
export function edgesOf({ edges }: RustGraph, ...kinds: readonly RustEdgeKind[]): readonly string[] {
  const wanted = edges.filter(({ kind }) => kinds.includes(kind));
  return wanted.map(({ from, to, kind }) => `${short(from)} ${kind} ${short(to)}`);
}

function short(file: string): string {
  return file.replace(/^a\/(?:src\/)?/, "");
}
