import { expect, test } from "vitest";
import { correlate, nodesOf } from "../../src/components/correlate.ts";
import { readComponent } from "../../src/components/read-component.ts";
import { rootOf } from "../../src/components/template-change.ts";
import type { TemplateElement, TemplateNode } from "../../src/protocol/component.ts";

type Case = readonly [what: string, before: string, after: string, pairs: string];

// What each node of the template after was: an element by its tag and first attribute, a text by itself.
const CASES: readonly Case[] = [
  ["identical templates are one", "<p>a<b/>c</p>", "<p>a<b/>c</p>", "p=p a=a b=b c=c"],
  [
    "what comes in front moves nothing",
    "<b x='1'>a</b><b x='2'>b</b>",
    "<b x='0'>c</b><b x='1'>a</b><b x='2'>b</b>",
    "b0=- c=- b1=b1 a=a b2=b2 b=b",
  ],
  [
    "an edited element is the one between its neighbours",
    "<b x='1'/><b x='2'/><b x='3'/>",
    "<b x='1'/><b x='4'/><b x='3'/>",
    "b1=b1 b4=b2 b3=b3",
  ],
  ["neighbours that change places are found", "<i>a</i><b>c</b>", "<b>d</b><i>e</i>", "b=b d=c i=i e=a"],
  [
    "an element with its attributes is rather itself than one with other content",
    "<b x='1'>a</b><b x='2'>b</b>",
    "<b x='2'>c</b>",
    "b2=b2 c=b",
  ],
  [
    "an identical element is found in another parent",
    "<p><i>a</i></p><ul/>",
    "<p/><ul><i>a</i></ul>",
    "p=p ul=ul i=i a=a",
  ],
  [
    "of two that are identical, none is found in another parent",
    "<p><i>a</i><i>a</i></p><ul/>",
    "<p/><ul><i>a</i></ul>",
    "p=p ul=ul i=- a=-",
  ],
  ["words are not followed into another parent", "<p>a</p><b>c</b>", "<p>d</p><b>a</b>", "p=p d=a b=b a=c"],
  [
    "a hole is followed into another element",
    "<p>a {{ h }}</p>",
    "<p>a <b>{{ h }}</b></p>",
    "p=p a=- b=- {h}=a{h}",
  ],
  ["a text that has lost its holes is the same text", "<p>a {{ h }}</p>", "<p>b</p>", "p=p b=a{h}"],
  [
    "a text is rather the one with its holes than the one in its place",
    "<p>a {{ h }}</p><p x='1'>c</p>",
    "<p>d</p><p x='1'>{{ h }}</p>",
    "p=p d=- p1=p1 {h}=a{h}",
  ],
  ["a hole that no text has had comes from none", "<p>{{ h }}</p>", "<p>{{ h }} {{ g }}</p>", "p=p {h}{g}=-"],
  [
    "an element is the one that the same code knows",
    "<b @c='f'>a</b><b @c='g'>b</b>",
    "<b @c='g'>c</b><b @c='f'>d</b>",
    "bg=bg c=b bf=bf d=a",
  ],
  [
    "an element with code is found in another parent, with what has changed in it",
    "<p><b @c='f' x='1'>a</b></p><ul/>",
    "<p/><ul><b @c='f' x='2'>c</b></ul>",
    "p=p ul=ul b2f=b1f c=a",
  ],
  [
    "nothing comes out of a loop or goes into one",
    "<p v-for='l'><b/>{{ h }}</p><ul/>",
    "<p v-for='l'/><ul><b/>{{ h }}</ul>",
    "pl=pl ul=ul b=- {h}=-",
  ],
  [
    "what is in one of two loops alike stays in it",
    "<p v-for='l'>a<b/></p><p v-for='l'>c<i/></p>",
    "<p v-for='l'>a<i/></p><p v-for='l'>c<b/></p>",
    "pl=pl a=a i=- pl=pl c=c b=-",
  ],
  ["an element that has got a condition is another one", "<p>a</p>", "<p v-if='c'>a</p>", "pc=- a=-"],
];

test.each(CASES)("%s", (_what, before, after, pairs) => {
  const [from, to] = [templateOf(before), templateOf(after)];
  const was = nodesOf(from);
  const [root, ...nodes] = nodesOf(correlate(from, to));
  expect(root?.from).toBe(0);
  expect(
    nodes
      .map((node) => {
        const origin = node.from === undefined ? undefined : was[node.from];
        return `${nameOf(node)}=${origin === undefined ? "-" : nameOf(origin)}`;
      })
      .join(" "),
  ).toBe(pairs);
});

test("nothing remains of a template whose root is another element", () => {
  const after = correlate(templateOf("<p>a</p>", "div"), templateOf("<p>a</p>", "main"));
  expect(nodesOf(after).map(({ from }) => from)).toEqual([undefined, undefined, undefined]);
});

test("what a template was before an earlier one is forgotten", () => {
  const first = templateOf("<i/><b>a</b>");
  const second = correlate(first, templateOf("<b>a</b><hr>"));
  const third = correlate(second, templateOf("<hr><b>a</b><p/>"));
  expect(nodesOf(correlate(first, third)).map(({ from }) => from)).toEqual([0, undefined, 2, 3, undefined]);
});

test("lists of any length are correlated", () => {
  const after = correlate(templateOf(longList(0)), templateOf(`<hr>${longList(1)}<hr>`));
  expect(after.children.filter(({ from }) => from !== undefined)).toHaveLength(1_500);
});

function longList(shift: number): string {
  return Array.from({ length: 1_500 }, (_, n) => `<b x="${n % 7}">${(n + shift) % 5}</b>`).join("");
}

function templateOf(markup: string, tag = "div"): TemplateElement {
  const component = readComponent(`<template><${tag}>${markup}</${tag}></template>`);
  if (component.kind === "problem") throw new Error(component.message);
  const [section] = component.sections;
  const root = section?.kind === "template" ? rootOf(section.nodes) : undefined;
  if (root === undefined) throw new Error(`${markup} has no root`);
  return root;
}

function nameOf(node: TemplateNode): string {
  if (node.kind === "text")
    return node.parts.map((part) => (typeof part === "string" ? part.trim() : `{${part.hole}}`)).join("");
  return (
    node.tag +
    (node.attributes["x"] ?? "") +
    (node.code ?? []).map((code) => /"(.*)"/.exec(code)?.[1] ?? "").join("")
  );
}
