import type { TemplateElement, TemplateNode, TemplatePart } from "../../../src/protocol/component.ts";

/** A template as it is written, in short: `<ul><li v-for class="a" :title>Hello {{name}}</li><slot/><Card/></ul>`. */
export function template(text: string): TemplateElement {
  const { nodes } = readNodes(text, 0);
  const [root] = nodes;
  if (root === undefined || root.kind === "text") throw new TypeError(`No element: ${text}`);
  return root;
}

interface Read {
  readonly nodes: readonly TemplateNode[];
  readonly at: number;
}

function readNodes(text: string, from: number): Read {
  const nodes: TemplateNode[] = [];
  let at = from;
  while (at < text.length && !text.startsWith("</", at)) {
    if (text[at] === "<") {
      const element = readElement(text, at);
      nodes.push(element.node);
      at = element.at;
      continue;
    }
    const end = text.indexOf("<", at) === -1 ? text.length : text.indexOf("<", at);
    nodes.push({ kind: "text", parts: partsOf(text.slice(at, end)) });
    at = end;
  }
  return { nodes, at };
}

function readElement(text: string, at: number): { readonly node: TemplateElement; readonly at: number } {
  const [whole = "", tag = "", said = "", end] =
    /^<([\w-]+)((?:\s+[\w:@-]+(?:="[^"]*")?)*)\s*(\/?)>/.exec(text.slice(at)) ?? [];
  const names = [...said.matchAll(/([\w:@-]+)(?:="([^"]*)")?/g)].map(
    ([, name = "", value = ""]) => [name, value] as const,
  );
  const isEmpty = end === "/" || ["input", "br", "img", "hr"].includes(tag);
  const inner: Read = isEmpty ? { nodes: [], at: at + whole.length } : readNodes(text, at + whole.length);
  const node: TemplateElement = {
    kind: tag === "slot" ? "slot" : /^[A-Z]/.test(tag) ? "component" : "element",
    tag,
    times: timesOf(names.map(([name]) => name)),
    attributes: Object.fromEntries(names.filter(([name]) => !/^(?::|v-)/.test(name))),
    bound: names.flatMap(([name]) => (name.startsWith(":") ? name.slice(1) : [])),
    children: inner.nodes,
  };
  return { node, at: isEmpty ? inner.at : inner.at + `</${tag}>`.length };
}

function timesOf(names: readonly string[]): TemplateElement["times"] {
  if (names.includes("v-for")) return "many";
  return names.includes("v-if") || names.includes("v-else") ? "optional" : "one";
}

function partsOf(text: string): readonly TemplatePart[] {
  return text
    .split(/(\{\{.*?\}\})/)
    .filter((part) => part !== "")
    .map((part) => (part.startsWith("{{") ? { hole: part.slice(2, -2).trim() } : part));
}
