import type { Report, Strategy } from "../protocol/report.ts";
import { STRATEGIES } from "../protocol/report.ts";
import type { ReloadCounts } from "../protocol/status.ts";
import type { SessionEvent } from "./events.ts";

/** What status pages count. */
export interface Statistics extends ReloadCounts {
  /** Durations of the last reloads that made something live, in milliseconds. */
  readonly reloadMs: readonly number[];
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each
const NONE = Object.fromEntries(STRATEGIES.map((strategy) => [strategy, 0])) as Record<Strategy, number>;

export const NOTHING_COUNTED: Statistics = {
  commits: 0,
  failures: 0,
  retries: 0,
  skipped: 0,
  byStrategy: NONE,
  reloadMs: [],
};

/** How many reloads the percentiles are made from. */
const REMEMBERED_DURATIONS = 500;

/** Count an event and its reports. */
export function countsAfter(
  counts: Statistics,
  { type }: SessionEvent,
  reports: readonly Report[],
): Statistics {
  if (type === "committed") return { ...counts, commits: counts.commits + 1 };
  if (type === "retried") return { ...counts, retries: counts.retries + 1 };
  if (type === "threw") return counts;
  return reports.reduce(withReport, counts);
}

function withReport(counts: Statistics, report: Report): Statistics {
  if (report.event === "error") return { ...counts, failures: counts.failures + 1 };
  if (report.event !== "reload") return counts;
  const { strategy, ms } = report;
  return {
    ...counts,
    skipped: counts.skipped + (strategy === "none" ? 1 : 0),
    byStrategy: { ...counts.byStrategy, [strategy]: counts.byStrategy[strategy] + 1 },
    // Only a reload that made something live has a duration.
    reloadMs: ms === 0 ? counts.reloadMs : [...counts.reloadMs, ms].slice(-REMEMBERED_DURATIONS),
  };
}

/** Percentiles of durations, rounded to hundredths. */
export function percentiles(durations: readonly number[]): {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
} {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
