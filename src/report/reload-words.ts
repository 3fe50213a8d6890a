import { importersText } from "./explain.ts";
import { countOf, explainedList, ITEMS_SHOWN, listOf } from "./lists.ts";
import type { Detail } from "./lists.ts";
import type { ClosedThings, ReloadReport, Strategy } from "../protocol/report.ts";

/** What a reload did, in words. Terminals, loggers, the status and programs all say these. */
export interface ReloadWords {
  /** `lib/price.ts changed → /api/a, /api/b`. */
  readonly what: string;
  /** What else ran, and what happened to state and resources, as far as there is something to say of it. */
  readonly facts: readonly ReloadFact[];
}

/** One thing that there is to say: `kept`, and what was. */
export interface ReloadFact {
  readonly topic: "ran again" | "as is" | "kept" | "reset" | "still old" | "closed";
  /** `cart, sessions, hits and 12 more`. */
  readonly text: string;
}

/** What the words are made from. */
export type ReloadFacts = Pick<
  ReloadReport,
  "reason" | "cause" | "files" | "routes" | "reruns" | "spared" | "kept" | "reset" | "outdated" | "closed"
>;

/** How long the line of a save may be, with all that stands in it. */
const LINE_WIDTH = 160;

/** Room for what stands beside the words: a label, how long it took, and the version. */
const BESIDE = "reloaded   · 1000 ms · v1000".length;

/** A reload in words: so many names of each kind as a line has room for, or all of them. */
export function reloadWords(report: ReloadFacts, detail: Detail = "short"): ReloadWords {
  if (detail === "whole") return wordsWith(report, Infinity);
  const attempts = [ITEMS_SHOWN, 2, 1, 0].map((most) => wordsWith(report, most));
  const fitting = attempts.find((words) => widthOf(words) <= LINE_WIDTH);
  return fitting ?? cutTo(LINE_WIDTH, attempts.at(-1) ?? wordsWith(report, 0));
}

/** All of it in one sentence: `lib/price.ts changed → /api/a; kept cart; closed 2 timers`. */
export function summaryOf(report: ReloadFacts): string {
  const { what, facts } = reloadWords(report);
  return [what, ...facts.map(({ topic, text }) => `${topic} ${text}`)].join("; ");
}

/** What a line begins with. How far a save reached is for programs; people want to know whether code ran. */
export function labelOf(strategy: Strategy): string {
  switch (strategy) {
    case "none":
      return "skipped";
    case "asset":
      return "browser";
    case "config":
      return "config";
    case "single":
    case "selective":
    case "full":
  }
  return "reloaded";
}

/** For what took long to close, or had to wait for older requests: its reload is told by then. */
export function closedLaterText(closed: readonly ClosedThings[], version: number): string {
  return `Closed after older requests ended (v${version}): ${countsText(closed)}.`;
}

/** @param most so many names of each kind; 0 counts them */
function wordsWith(report: ReloadFacts, most: number): ReloadWords {
  const {
    reason,
    cause = reason,
    files,
    routes,
    reruns = [],
    spared = 0,
    kept,
    reset,
    outdated = [],
    closed,
  } = report;
  const nameOf = namesBeside(files);
  const isWhole = most === Infinity;
  const explained = (items: readonly { readonly name: string; readonly why: string }[]): string =>
    most > 1
      ? explainedList(items, most)
      : listOf(
          items.map(({ name }) => name),
          most,
        );
  const named = (items: readonly string[], noun: string): string =>
    most === 0 && items.length > 0 ? countOf(items.length, noun) : listOf(items, most);
  const valuesText = (values: readonly { readonly name: string; readonly why: string }[]): string => {
    const shown = values.map(({ name, why }) => ({ name: nameOf(name), why }));
    return most > 0
      ? explained(shown)
      : named(
          values.map(({ name }) => name),
          "value",
        );
  };
  const facts: readonly ReloadFact[] = [
    {
      topic: "ran again",
      text: isWhole
        ? explainedList(reruns, most)
        : named(
            reruns.map(({ name }) => name),
            "module",
          ),
    },
    { topic: "as is", text: isWhole && spared > 0 ? importersText(spared) : "" },
    { topic: "kept", text: named(kept.map(nameOf), "value") },
    { topic: "reset", text: valuesText(reset) },
    { topic: "still old", text: valuesText(outdated) },
    { topic: "closed", text: isWhole ? explainedList(closed.map(inModule), most) : countsText(closed) },
  ];
  return {
    // Code or a plugin may have asked for it, without any save.
    what: [cause, named(routes, "route")].filter((text) => text !== "").join(" → "),
    facts: facts.filter(({ text }) => text !== ""),
  };
}

function widthOf({ what, facts }: ReloadWords): number {
  return facts.reduce((width, { topic, text }) => width + ` · ${topic} ${text}`.length, BESIDE + what.length);
}

/** Names may be of any length: the words give way that they belong to. */
function cutTo(width: number, words: ReloadWords): ReloadWords {
  const room = Math.max(40, words.what.length - (widthOf(words) - width));
  return { ...words, what: words.what.length > room ? `${words.what.slice(0, room - 1)}…` : words.what };
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
