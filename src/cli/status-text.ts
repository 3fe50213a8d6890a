import { countOf } from "../report/lists.ts";
import type { RouteStatus, StatusDocument } from "../protocol/status.ts";
import type { AskableRecord } from "./running-server.ts";
import { columns, onOneLine } from "./words.ts";

/** The status document as a page for people. Ends with a line break. */
export function statusText(status: StatusDocument, { address, pid }: AskableRecord): string {
  const head = [address.url, `process ${pid}`, `v${status.version}`].join(" · ");
  const facts = [
    ["state", stateLine(status)],
    ["resources", resourceLine(status)],
    ["reloads", reloadLine(status)],
    ...status.tabs.map(({ url, isVisible }) => ["page", isVisible ? url : `${url} (not seen)`]),
    ...status.errors.map(({ route, url, file, message }) => [
      "error",
      [route, url, file, message].filter(Boolean).join(" "),
    ]),
  ];
  const lines = [
    head,
    "",
    ...columns(status.routes.map(routeCells)),
    ...(status.routes.length === 0 ? ["no routes"] : []),
    "",
    ...facts.map(([label = "", text = ""]) => `${label.padEnd(LABEL)}${onOneLine(text)}`),
  ];
  return `${lines.join("\n")}\n`;
}

const LABEL = 11;

function routeCells({ status, path, file, version, methods }: RouteStatus): string[] {
  const isLoaded = version > 0;
  return [status.padEnd(LABEL - 2), path, file, isLoaded ? `v${version}` : "", methods.join(" ")].map(
    onOneLine,
  );
}

function stateLine({ state, cache }: StatusDocument): string {
  const lost = state.filter(({ kept }) => !kept).length;
  const values = `${countOf(state.length, "value")}, ${countOf(cache.length, "cache")}`;
  return lost === 0 ? values : `${values}; ${lost} of them not kept`;
}

function resourceLine({ resources }: StatusDocument): string {
  const counts = new Map<string, number>();
  for (const { kind } of resources) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => countOf(count, kind));
  return kinds.length === 0 ? "none open" : `${kinds.join(", ")} open`;
}

function reloadLine({ hmr }: StatusDocument): string {
  const counts = `${countOf(hmr.commits, "commit")}, ${countOf(hmr.failures, "failure")}`;
  const { lastReload } = hmr;
  if (lastReload === null) return counts;
  const { ms, summary } = lastReload;
  return `${counts}; last, in ${Math.round(ms)} ms: ${summary}`;
}
