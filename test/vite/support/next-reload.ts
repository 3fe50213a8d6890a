import { setTimeout as pause } from "node:timers/promises";
import { expect, vi } from "vitest";
import type { ReloadReport, Report } from "../../../src/protocol/report.ts";

/** The one report of the save that was made last, where `debounceMs` is 20 or less. */
export async function nextReload({ reports }: { readonly reports: Report[] }): Promise<ReloadReport> {
  await vi.waitFor(() => expect(reports).not.toHaveLength(0), { timeout: 5_000 });
  // What follows belongs to the same save: it would be told within two quiet times.
  await pause(60);
  expect(reports).toHaveLength(1);
  const [report] = reports.splice(0);
  if (report?.event !== "reload") throw new Error(`Expected a reload, got ${JSON.stringify(report)}`);
  return report;
}
