import { countOf } from "../report/lists.ts";
import type { AffectedRoute, GraphCounts, GraphWarning, Neighbour } from "../graph/index.ts";
import type { ReloadSummary } from "../report/classify-reload.ts";
import type { GraphGaps } from "./opened-project.ts";
import { labelOf } from "../report/reload-words.ts";
import { columns, onOneLine } from "./words.ts";

/** What is known of a file before it is edited. Files are relative to the project. */
export interface Explanation extends GraphGaps {
  readonly file: string;
  /** The route that the file itself serves. */
  readonly route?: string | undefined;
  /** Who imports it directly. */
  readonly importers: readonly Neighbour[];
  /** The routes that reach it, and how. */
  readonly routes: readonly AffectedRoute[];
  readonly edit: Pick<ReloadSummary, "strategy" | "reason">;
  /** Imports near it that cannot be read from the text. */
  readonly warnings: readonly GraphWarning[];
}

/** How a route reaches a file: `pages/api/users.ts ← lib/users.ts ← lib/db.ts`. */
function chainText(chain: readonly string[]): string {
  return onOneLine(chain.toReversed().join(" ← "));
}

/** One line per route, with its reason. Empty where there is none. */
export function routesText(routes: readonly AffectedRoute[]): string[] {
  return columns(routes.map(({ path, chain }) => [onOneLine(path), chainText(chain)]));
}

/** How large a graph is, in two lines. */
export function countsText({ modules, routes, assets, externals, edges, cycles }: GraphCounts): string {
  const nodes = [
    countOf(modules, "module"),
    `${countOf(routes, "route")} among them`,
    countOf(assets, "asset"),
    countOf(externals, "package"),
  ];
  return `${nodes.join(", ")}\n${countOf(edges, "import")}, ${countOf(cycles, "cycle")}\n`;
}

/** What is known of a file, for people. */
export function explanationText({ file, route, importers, routes, edit }: Explanation): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["serves", route === undefined ? [] : [route]],
    ["imported by", importers.map((importer) => `${importer.file}${manner(importer)}`)],
    ["reached by", routesText(routes)],
    ["an edit", [`${labelOf(edit.strategy)}  ${edit.reason}`]],
  ];
  const lines = sections.flatMap(([label, items]) =>
    items.map((item, index) => `${(index === 0 ? label : "").padEnd(13)}${onOneLine(item)}`),
  );
  return `${onOneLine(file)}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** An import that is not a plain one is said. */
function manner({ kind }: Neighbour): string {
  return kind === "static" ? "" : ` (${kind})`;
}
