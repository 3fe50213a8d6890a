import type { BuildReport } from "../protocol/build.ts";
import { countOf, listOf } from "./lists.ts";

interface BuildFacts extends Pick<
  BuildReport,
  "status" | "files" | "ms" | "progress" | "ahead" | "diagnostics"
> {
  /** What people know the build by. */
  readonly tool: string;
  /** Why it has failed, in a sentence. */
  readonly problem?: string | undefined;
}

/** A build in one sentence: `src/main.rs changed; cargo build · 2 warnings`. */
export function buildSummary(facts: BuildFacts): Pick<BuildReport, "summary" | "cause"> {
  const { files, ahead } = facts;
  const shown = ahead ? ", which pages have already" : "";
  const cause = files.length === 0 ? "" : `${listOf(files)} changed${shown}; `;
  return { summary: cause + outcomeText(facts), cause };
}

function outcomeText({ status, progress, diagnostics, tool, problem }: BuildFacts): string {
  const counts = countsText(diagnostics);
  switch (status) {
    case "starting":
      return `${tool} ${progress === undefined ? "runs" : `is ${progress}`}`;
    case "completed":
      return `built with ${tool}${counts}`;
    case "unchanged":
      return `${tool} has made the same${counts}`;
    case "superseded":
      return `${tool} begins anew: something was saved meanwhile`;
    case "failed":
  }
  return `${(problem ?? `${tool} failed`).replace(/\.$/, "")}${counts}`;
}

/** What the line of a build begins with. */
export function buildLabel(status: BuildReport["status"]): string {
  switch (status) {
    case "completed":
      return "built";
    case "unchanged":
      return "skipped";
    case "failed":
      return "error";
    case "starting":
    case "superseded":
  }
  return "building";
}

/** So much of an output is read where it is shown; the rest is above it in the terminal of whoever wants it. */
const LINES_SHOWN = 60;

/** The end of what a build has printed. */
export function lastLines(output: string): string {
  const lines = output.trimEnd().split(/\r?\n/);
  return lines.slice(-LINES_SHOWN).join("\n");
}

function countsText(diagnostics: BuildReport["diagnostics"]): string {
  const count = (level: string): number => diagnostics.filter((each) => each.level === level).length;
  const errors = count("error");
  const warnings = count("warning");
  const parts = [
    ...(errors > 0 ? [countOf(errors, "error")] : []),
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
