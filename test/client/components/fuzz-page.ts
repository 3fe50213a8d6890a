import { correlate } from "../../../src/components/correlate.ts";
import type { TemplateElement } from "../../../src/protocol/component.ts";
import { randomFrom } from "../../support/random.ts";
import { inOrder, OldProgram } from "./old-program.ts";
import type { Shown, TextStyle } from "./old-program.ts";
import { RandomTemplates } from "./random-template.ts";

// Runs in a page: a random program draws, random patches come, and the program goes on.

const VALUES = ["", "5", "x y", "a", "to be", "7 of 9", "not"];

/** Everything that a program shows, until it is another thing. */
class RandomShown implements Shown {
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #random: (below: number) => number;

  constructor(random: (below: number) => number) {
    this.#random = random;
  }

  value(hole: string, path: string): string {
    return known(this.#values, `${hole}@${path}`, () => VALUES[this.#random(VALUES.length)] ?? "");
  }

  count(key: string, path: string): number {
    return known(this.#counts, `${key}@${path}`, () =>
      this.#random(key === "slot" || key.startsWith("data-many") ? 4 : 2),
    );
  }

  change(): void {
    for (const key of this.#values.keys()) if (this.#random(3) === 0) this.#values.delete(key);
    // Slots are of others.
    for (const key of this.#counts.keys())
      if (!key.startsWith("slot") && this.#random(4) === 0) this.#counts.delete(key);
  }
}

function known<Value>(all: Map<string, Value>, key: string, make: () => Value): Value {
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

export interface Run {
  /** What became of each patch, and of what the program did after it. */
  readonly taken: number;
  readonly refused: readonly string[];
  readonly unsettled: readonly string[];
  readonly problem?: string;
}

/** One program, a few patches, and the way back. */
export async function runProgram(seed: number): Promise<Run> {
  const patches = new window.ComponentPatches();
  try {
    return await runPatched(seed, patches);
  } finally {
    patches.leave("x", "template");
  }
}

async function runPatched(seed: number, patches: Window["patches"]): Promise<Run> {
  const random = randomFrom(seed);
  const templates = new RandomTemplates(random);
  const before = templates.template();
  const shown = new RandomShown(random);
  // How many there may be is known by the name.
  const style: TextStyle = random(3) === 0 ? "in one" : "by part";
  const program = new OldProgram(before, shown, style);
  document.body.replaceChildren(program.root);
  const refused: string[] = [];
  const unsettled: string[] = [];
  let taken = 0;
  let target = before;
  const told: string[] = [];
  const problem = (what: string): Run => ({
    taken,
    refused,
    unsettled,
    problem:
      `${told.join("\n")}\nseed ${seed}, ${what} (${style})\nbefore   ${JSON.stringify(before)}\ntarget   ${JSON.stringify(target)}\n` +
      `page     ${tidyHtml(program.root)}\nexpected ${tidyHtml(new OldProgram(target, shown, style).root)}`,
  });
  for (let round = 0; round < 4; round++) {
    const isBack = round === 3;
    const after = isBack ? before : templates.edited(random(2) === 0 ? target : before);
    const page = tidyHtml(program.root);
    const there = new Set([program.root, ...program.root.querySelectorAll("*")]);
    told.push(`${page}\n -> ${JSON.stringify(after)}`);
    // As it comes over the wire: nothing of it is the same object.
    const reason = patches.apply({
      id: "x",
      kind: "template",
      rev: round,
      template: { before: structuredClone(before), after: structuredClone(after), text: "" },
    });
    if (reason !== undefined) {
      refused.push(reason);
      const fault = faultOf(reason, { isBack, isChanged: tidyHtml(program.root) !== page });
      if (fault !== undefined) return problem(`${fault}: ${reason}`);
      continue;
    }
    taken++;
    target = after;
    if (!isAsDrawn(program, target, shown, style)) return problem("patched");
    const lost = firstLost(program, new OldProgram(correlate(before, target), shown, style), there);
    if (lost !== undefined) return problem(`lost ${lost}`);
    for (let step = 0; step < 2; step++) {
      shown.change();
      const thrown = await drawAgain(program, random);
      if (thrown !== undefined) return problem(`the program has thrown: ${thrown}`);
      const hindrance = patches.refusalOf({ id: "x", kind: "template" });
      if (hindrance !== undefined) return { taken, refused, unsettled: [...unsettled, hindrance] };
      if (!isAsDrawn(program, target, shown, style)) return problem("drawn again");
    }
  }
  return { taken, refused, unsettled };
}

/** What a refusal may not do. */
function faultOf(
  reason: string,
  { isBack, isChanged }: { readonly isBack: boolean; readonly isChanged: boolean },
): string | undefined {
  if (isChanged) return "refused, and yet changed";
  // What others have drawn meanwhile may be like what is ours; whatever else there is can be taken back.
  return isBack && !reason.startsWith("Nobody can tell what") ? "the way back is refused" : undefined;
}

/** Returns what it has thrown. */
async function drawAgain(
  program: OldProgram,
  random: ReturnType<typeof randomFrom>,
): Promise<string | undefined> {
  try {
    program.update(random);
  } catch (error) {
    return String(error);
  }
  // A mutation observer is called when all of that is done.
  await new Promise((resolve) => void setTimeout(resolve));
  program.update(() => 0);
  await new Promise((resolve) => void setTimeout(resolve));
  return undefined;
}

function isAsDrawn(program: OldProgram, target: TemplateElement, shown: Shown, style: TextStyle): boolean {
  return tidyHtml(program.root) === tidyHtml(new OldProgram(target, shown, style).root);
}

/** What corresponds to something that was there before, and is not it. */
function firstLost(program: OldProgram, expected: OldProgram, there: ReadonlySet<Node>): string | undefined {
  const places = new Map<Node, Node>();
  pairUp(expected.root, program.root, places);
  const nodes = inOrder(expected.template);
  for (const [key, node] of expected.drawn) {
    const [index = "", path = ""] = key.split("@");
    const from = nodes[Number(index)]?.from;
    const was = from === undefined ? undefined : program.drawn.get(`${from}@${path}`);
    if (was !== undefined && there.has(was) && places.get(node) !== was)
      return `${key}, which was ${from}, ${String(was.isConnected)}, ${(was as Element).outerHTML}, instead ${(places.get(node) as Element | undefined)?.outerHTML}`;
  }
  return undefined;
}

function pairUp(expected: Element, actual: Element, places: Map<Node, Node>): void {
  places.set(expected, actual);
  for (const [index, child] of [...expected.children].entries()) {
    const other = actual.children[index];
    if (other !== undefined) pairUp(child, other, places);
  }
}

/** Without the order of attributes, and without what nobody sees of how texts are cut. */
function tidyHtml(element: Element): string {
  const attributes = element
    .getAttributeNames()
    .toSorted()
    .map(
      (name) =>
        ` ${name}="${name === "class" ? [...element.classList].toSorted().join(" ") : element.getAttribute(name)}"`,
    );
  const children = [...element.childNodes].map((node) =>
    node instanceof Element ? tidyHtml(node) : (node.nodeValue ?? ""),
  );
  const inner = children.join("").replaceAll(/ +/g, " ");
  return `<${element.localName}${attributes.join("")}>${inner}</>`;
}
