import type { BuildReport } from "../protocol/build.ts";
import { buildLabel, lastLines } from "./build-words.ts";
import type { Detail } from "./lists.ts";
import { labelOf, reloadWords } from "./reload-words.ts";
import type { ReloadReport, Report } from "../protocol/report.ts";

/** A report as plain text, for loggers that know nothing of it. */
export function reportText(report: Report, detail: Detail = "short"): string {
  switch (report.event) {
    case "reload":
      return reloadText(report, detail);
    case "error": {
      const place = [report.file, report.line, report.column].filter(
        (part) => part !== undefined && part !== "",
      );
      const head = place.length > 0 ? `${place.join(":")} ${report.message}` : report.message;
      return [head, report.frame].filter((part) => part !== undefined).join("\n");
    }
    case "recovered":
      return `recovered ${report.routes.join(", ")}`;
    case "build":
      return buildText(report);
    case "notice":
  }
  return report.message;
}

/** `built src/page.html changed; built with make · 120 ms`, and what has been printed where there is nothing to show. */
function buildText({ status, summary, ms, output }: BuildReport): string {
  const head = `${buildLabel(status)} ${summary}${ms === 0 ? "" : ` · ${Math.round(ms)} ms`}`;
  return output === undefined ? head : `${head}\n${lastLines(output)}`;
}

/** `reloaded lib/price.ts changed → /api/a · 3 ms · v7 · kept cart · closed 2 timers`; whole, a line for each fact. */
function reloadText(report: ReloadReport, detail: Detail): string {
  const { what, facts } = reloadWords(report, detail);
  const head = `${labelOf(report.strategy)} ${what} · ${Math.round(report.ms)} ms · v${report.version}`;
  return [head, ...facts.map(({ topic, text }) => `${topic} ${text}`)].join(
    detail === "short" ? " · " : "\n  ",
  );
}
