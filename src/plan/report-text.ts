import type { ReloadReport, Report } from "./report.ts";

/** A report as plain text, for loggers that know nothing of it. */
export function reportText(report: Report): string {
  switch (report.event) {
    case "reload":
      return reloadText(report);
    case "error": {
      const place = [report.file, report.line, report.column].filter(
        (part) => part !== undefined && part !== "",
      );
      const head = place.length > 0 ? `${place.join(":")} ${report.message}` : report.message;
      return [head, report.frame].filter((part) => part !== undefined).join("\n");
    }
    case "recovered":
      return `recovered ${report.routes.join(", ")}`;
    case "notice":
  }
  return report.message;
}

/** `selective v7 in 3.1 ms - lib/price.ts changed - kept cart - closed 1`. */
function reloadText(report: ReloadReport): string {
  const parts = [`${report.strategy} v${report.version} in ${report.ms} ms`, report.reason];
  if (report.kept.length > 0) parts.push(`kept ${report.kept.join(", ")}`);
  if (report.reset.length > 0)
    parts.push(`reset ${report.reset.map(({ name, why }) => `${name} (${why})`).join(", ")}`);
  if (report.closed > 0) parts.push(`closed ${report.closed}`);
  return parts.join(" - ");
}
