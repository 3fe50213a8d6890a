import { countOf, explainedList, listOf } from "./lists.ts";
import type { Detail } from "./lists.ts";
import type { ClosedThings, ReloadReport } from "../protocol/report.ts";

/** What a reload did, in words. Terminals, loggers, the status and programs all say these. */
export interface ReloadWords {
  /** `lib/price.ts changed → /api/a, /api/b`. */
  readonly what: string;
  /** What happened to state and resources, as far as there is something to say of it. */
  readonly facts: readonly ReloadFact[];
}

/** One thing that there is to say: `kept`, and what was. */
export interface ReloadFact {
  readonly topic: "ran" | "kept" | "reset" | "closed";
  /** `cart, sessions, hits and 12 more`. */
  readonly text: string;
}

/** What the words are made from. */
export type ReloadFacts = Pick<
  ReloadReport,
  "reason" | "files" | "routes" | "ran" | "kept" | "reset" | "closed"
>;

/** A reload in words: a few names of each kind, or all of them. */
export function reloadWords(report: ReloadFacts, detail: Detail = "short"): ReloadWords {
  const { reason, files, routes, kept, reset, closed } = report;
  // The reason names who ran, as long as they are few.
  const ran = detail === "short" || report.ran.every((module) => files.includes(module)) ? [] : report.ran;
  const nameOf = namesBeside(files);
  const facts: readonly ReloadFact[] = [
    { topic: "ran", text: listOf(ran, detail) },
    { topic: "kept", text: listOf(kept.map(nameOf), detail) },
    {
      topic: "reset",
      text: explainedList(
        reset.map(({ name, why }) => ({ name: nameOf(name), why })),
        detail,
      ),
    },
    {
      topic: "closed",
      text: detail === "short" ? countsText(closed) : explainedList(closed.map(inModule), detail),
    },
  ];
  return {
    what: routes.length === 0 ? reason : `${reason} → ${listOf(routes, detail)}`,
    facts: facts.filter(({ text }) => text !== ""),
  };
}

/** All of it in one sentence: `lib/price.ts changed → /api/a; kept cart; closed 2 timers`. */
export function summaryOf(report: ReloadFacts): string {
  const { what, facts } = reloadWords(report);
  return [what, ...facts.map(({ topic, text }) => `${topic} ${text}`)].join("; ");
}

/** For what took long to close, or had to wait for older requests: its reload is told by then. */
export function closedLaterText(closed: readonly ClosedThings[], version: number): string {
  return `Closed after older requests ended (v${version}): ${countsText(closed)}.`;
}

/** In words about one file its names need not repeat it: `pages/api/cart.ts:items` is `items`. */
function namesBeside([file, ...others]: readonly string[]): (name: string) => string {
  const prefix = `${file}:`;
  return (name) => (others.length === 0 && name.startsWith(prefix) ? name.slice(prefix.length) : name);
}

/** `2 timers, 1 client`. */
function countsText(closed: readonly ClosedThings[]): string {
  const counts = new Map<string, number>();
  for (const { kind, count } of closed) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts].map(([kind, count]) => countOfKind(count, kind)).join(", ");
}

function inModule({ kind, module, count }: ClosedThings): { readonly name: string; readonly why: string } {
  return { name: countOfKind(count, kind), why: module };
}

function countOfKind(count: number, kind: string): string {
  if (kind === "child") return countOf(count, "child process", "child processes");
  return countOf(count, kind === "dispose handler" ? "by dispose handler" : kind);
}
