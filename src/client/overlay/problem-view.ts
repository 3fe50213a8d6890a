import { colouredTexts } from "./coloured-text.ts";
import { button, h } from "./elements.ts";
import type { PageProblem } from "./problem-store.ts";

/** One problem: what is wrong and where, the code around it, and how routes get there. */
export function problemView(problem: PageProblem, onOpen: () => void): HTMLElement {
  const { message, frame } = problem.error;
  const place = placeOf(problem);
  return h(
    "div",
    { class: "body" },
    h(
      "div",
      { role: "alert" },
      place === undefined
        ? undefined
        : canBeOpened(problem)
          ? button({ class: "place", title: "Open in editor" }, onOpen, place)
          : h("p", { class: "place" }, place),
      h("p", { class: "message", id: "message" }, ...coloured(message)),
    ),
    frame === undefined || frame === "" ? undefined : frameView(frame),
    factsView(problem),
  );
}

/** The same as text, for issues and chats. */
export function problemText(problem: PageProblem): string {
  const { message, frame } = problem.error;
  const facts = factsOf(problem).map(({ name, parts }) => `${name}: ${parts.join(" -> ")}`);
  return [placeOf(problem), plain(message), frame === undefined ? undefined : plain(frame), ...facts]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

/** Whether it is known which file of the project it is. */
export function canBeOpened({ error }: PageProblem): boolean {
  return error.file !== undefined && !/^[a-z][a-z\d+.-]+:/i.test(error.file);
}

function placeOf({ error: { file, line, column } }: PageProblem): string | undefined {
  if (file === undefined || file === "") return undefined;
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

function coloured(text: string): (string | HTMLElement)[] {
  return colouredTexts(text).map((part) =>
    part.styles.length === 0 ? part.text : h("span", { class: part.styles.join(" ") }, part.text),
  );
}

function plain(text: string): string {
  return colouredTexts(text)
    .map((part) => part.text)
    .join("");
}

/** `> 12 | code`, or `12 | code`: with the mark below in a line of its own. */
const ROW = /^([> ]?\s*\d* *)\|( ?)(.*)$/;

function frameView(frame: string): HTMLElement {
  const lines = frame.replace(/^\n+|\n+$/g, "").split("\n");
  const rows = lines.map((line, index) => {
    const [, number, , code] = ROW.exec(line) ?? [];
    const state = isCaret(line)
      ? " is-caret"
      : isCaret(lines[index + 1]) || line.startsWith(">")
        ? " is-marked"
        : "";
    const children =
      number === undefined || code === undefined
        ? coloured(line)
        : [h("span", { class: "number" }, `${number.replace(">", " ")} `), ...coloured(code)];
    return h(
      "div",
      { class: `row${state}` },
      state === " is-caret" ? caretRow(number ?? "", code) : children,
    );
  });
  // Whoever uses a keyboard scrolls it.
  return h("div", { class: "code", tabindex: "0", role: "group", "aria-label": "Code" }, h("div", {}, rows));
}

function isCaret(line = ""): boolean {
  return /^\s*\|\s*\^+\s*$/.test(plain(line));
}

function caretRow(number: string, code = ""): (string | HTMLElement)[] {
  return [h("span", { class: "number" }, `${number} `), h("span", { class: "caret" }, code)];
}

interface Fact {
  readonly name: string;
  readonly parts: readonly string[];
}

function factsOf({ chain = [], routes, retries, source }: PageProblem): readonly Fact[] {
  const [first] = routes;
  const others = routes.slice(chain.length > 0 ? 1 : 0);
  const facts: Fact[] = [];
  if (chain.length > 0)
    facts.push({ name: "Reached by", parts: first === undefined ? chain : [first, ...chain] });
  if (others.length > 0)
    facts.push({ name: chain.length > 0 ? "Also breaks" : "Breaks", parts: [shortList(others)] });
  if (retries > 0) facts.push({ name: "Tried", parts: [`${retries + 1} times`] });
  if (source === "page") facts.push({ name: "Page", parts: [location.pathname + location.search] });
  return facts;
}

function shortList(names: readonly string[]): string {
  const more = names.length - 6;
  return names.slice(0, 6).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function factsView(problem: PageProblem): HTMLElement | undefined {
  const facts = factsOf(problem);
  if (facts.length === 0) return undefined;
  return h(
    "dl",
    { class: "facts" },
    facts.map(({ name, parts }) =>
      h(
        "div",
        {},
        h("dt", {}, name),
        h(
          "dd",
          {},
          parts.flatMap((part, index) =>
            index === 0 ? [part] : [h("span", { class: "arrow" }, " → "), part],
          ),
        ),
      ),
    ),
  );
}
