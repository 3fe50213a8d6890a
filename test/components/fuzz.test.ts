import { expect, test } from "vitest";
import { compareComponents } from "../../src/components/compare-components.ts";
import { isContext, nodesOf } from "../../src/components/correlate.ts";
import { readComponent } from "../../src/components/read-component.ts";
import type { TemplateElement, TemplateNode } from "../../src/protocol/component.ts";
import { randomFrom } from "../support/random.ts";
import { copyOf, edit, editStaticText, randomTemplate, thingsOf, write } from "./random-template.ts";

const ROUNDS = 3_000;

test("a template that is written in another way is the same", () => {
  for (let seed = 0; seed < ROUNDS; seed++) {
    const random = randomFrom(seed);
    const template = randomTemplate(random, 1 + random(14));
    const [one, other] = [write(template, random), write(template, random)];
    expect(compareComponents(one, one, "a"), `of ${one}`).toEqual({ kind: "same" });
    expect(compareComponents(one, other, "a"), `${one}\n${other}`).toEqual({ kind: "same" });
  }
});

test("a patch makes of what was built what is there now, and of nothing that only code could", () => {
  let patches = 0;
  for (let seed = 0; seed < ROUNDS; seed++) {
    const random = randomFrom(seed);
    const built = randomTemplate(random, 1 + random(14));
    const now = copyOf(built);
    for (let n = random(3); n >= 0; n--) edit(now, random);
    const [before, after] = [write(built, random), write(now, random)];
    const change = compareComponents(before, after, "a");
    if (change.kind !== "patch") continue;
    patches++;
    const { template } = change.patch;
    expect(template, `of ${after}`).toBeDefined();
    if (template === undefined) continue;
    expect(template.before, `of ${before}`).toEqual(rootOf(before));
    expect(withoutOrigins(template.after), `of ${after}`).toEqual(rootOf(after));
    expectOrigins(template.before, template.after, `${before}\n${after}`);
    const [was, is] = [thingsOf(built), thingsOf(now)];
    expect(is.others, `${before}\n${after}`).toEqual(was.others);
    expect(withoutEach(is.holes, was.holes), `${before}\n${after}`).toEqual([]);
  }
  expect(patches).toBeGreaterThan(ROUNDS / 5);
});

test("an edit of words alone is patched, whatever else is in the template", () => {
  const kinds = new Set<string>();
  for (let seed = 0; seed < ROUNDS; seed++) {
    const random = randomFrom(seed);
    const built = randomTemplate(random, 1 + random(14));
    const now = copyOf(built);
    editStaticText(now, random);
    // What is in other components is for them to draw.
    if (/<(?:Child|slot)/.test(write(built, random))) continue;
    kinds.add(compareComponents(write(built, random), write(now, random), "a").kind);
  }
  expect([...kinds].toSorted()).toEqual(["patch", "same"]);
});

test("whatever is typed into a component is read, or a problem with a place in it", () => {
  const TYPED = [
    "<",
    ">",
    "</",
    "{{",
    "}}",
    '"',
    "'",
    "<!--",
    "=",
    "/",
    "&",
    "\0",
    "\uD800",
    "\r",
    "</template>",
    "<style>",
    "{",
    "}",
    "@",
    ";",
  ];
  for (let seed = 0; seed < ROUNDS; seed++) {
    const random = randomFrom(seed);
    const built = `${write(randomTemplate(random, 6), random)}<style>.a { b: "c" } @d e;</style>`;
    let now = built;
    for (let n = random(3); n >= 0; n--) {
      const at = random(now.length + 1);
      const typed = random(4) === 0 ? String.fromCharCode(random(300)) : (TYPED[random(TYPED.length)] ?? "");
      now = now.slice(0, at) + typed + now.slice(at + random(4));
    }
    const change = compareComponents(built, now, "a");
    if (change.kind !== "broken") continue;
    const { line, column, message } = change.problem;
    const lines = now.replace(/^\uFEFF/, "").split(/\r\n?|\n/);
    expect(message).toMatch(/^Expected .+\.$/s);
    expect(column, `of ${now}`).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
  }
});

/** No node comes from two, none from another kind, and none out of a loop or into one. */
function expectOrigins(before: TemplateElement, after: TemplateElement, why: string): void {
  const was = nodesOf(before);
  const pairs = nodesOf(after).flatMap((node) =>
    node.from === undefined ? [] : [[was[node.from], node] as const],
  );
  expect(new Set(pairs.map(([origin]) => origin)).size, `of ${why}`).toBe(pairs.length);
  const contextsBefore = contextsOf(before);
  const contextsAfter = contextsOf(after);
  const originOf = new Map<TemplateNode | undefined, TemplateNode | undefined>(
    pairs.map(([origin, node]) => [node, origin]),
  );
  for (const [origin, node] of pairs) {
    expect(origin && identityOf(origin), `of ${why}`).toEqual(identityOf(node));
    expect(contextsBefore.get(origin ?? node), `of ${why}`).toBe(originOf.get(contextsAfter.get(node)));
  }
}

/** What a node has in common with all that it was. */
function identityOf(node: TemplateNode): unknown {
  return node.kind === "text" ? node.kind : [node.kind, node.tag, node.times, node.code];
}

/** In which loop, condition, slot or component each node is. */
function contextsOf(root: TemplateElement): ReadonlyMap<TemplateNode, TemplateNode> {
  const contexts = new Map<TemplateNode, TemplateNode>();
  const visit = (node: TemplateNode, context: TemplateNode): void => {
    contexts.set(node, context);
    if (node.kind !== "text")
      for (const child of node.children) visit(child, isContext(node) ? node : context);
  };
  visit(root, root);
  return contexts;
}

function rootOf(text: string): TemplateNode | undefined {
  const component = readComponent(text);
  const section = component.kind === "component" ? component.sections[0] : undefined;
  return section?.kind === "template" ? section.nodes[0] : undefined;
}

function withoutOrigins(node: TemplateNode): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "from" ? undefined : value)));
}

/** What is left of a list when each item of the other one has been taken out once. */
function withoutEach(items: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...items];
  for (const item of taken) {
    const at = left.indexOf(item);
    if (at !== -1) left.splice(at, 1);
  }
  return left;
}
