import { memberName, unwrapped } from "../syntax/expressions.ts";
import { child, children, cookedText, identifierName, stringValue } from "../syntax/nodes.ts";
import type { Node } from "../syntax/nodes.ts";

/** What an expression in the place of a specifier can be. */
export interface SpecifierValues {
  /** Whole names: both of `isDark ? "./dark" : "./light"`. */
  readonly names: readonly string[];
  /** Names with holes, as the texts around the holes: `["./pages/", ".ts"]` of `` `./pages/${name}.ts` ``. */
  readonly templates: readonly (readonly string[])[];
  /** It can be something else as well. */
  readonly isOpen: boolean;
}

const OPEN: SpecifierValues = { names: [], templates: [], isOpen: true };

/** Read what an expression can be, as far as the text says. */
export function valuesOf(expression: Node): SpecifierValues {
  const node = unwrapped(expression);
  switch (node.type) {
    case "ConditionalExpression":
      return union(child(node, "consequent"), child(node, "alternate"));
    case "LogicalExpression":
      return union(child(node, "left"), child(node, "right"));
    case "AssignmentExpression":
      return union(child(node, "right"));
    case "Literal":
    case "TemplateLiteral":
    case "BinaryExpression":
      return fromTexts(textsOf(node));
    default: {
      const url = fileOfUrl(node);
      return url === undefined ? OPEN : { names: [url], templates: [], isOpen: false };
    }
  }
}

/** What `new URL("./x", import.meta.url)` leads to; with a hole, the expression that tells. */
export function urlArgument(node: Node): Node | undefined {
  if (node.type !== "NewExpression" || identifierName(child(node, "callee")) !== "URL") return undefined;
  const [target, base] = children(node, "arguments");
  return isImportMetaUrl(base) ? target : undefined;
}

function isImportMetaUrl(node: Node | undefined): boolean {
  return node !== undefined && memberName(node) === "url" && child(node, "object")?.type === "MetaProperty";
}

/** The file of `new URL("./x.js", import.meta.url).href`, as something that can be imported. */
function fileOfUrl(node: Node): string | undefined {
  const isText = ["href", "pathname"].includes(memberName(node) ?? "");
  const url = isText ? child(node, "object") : node;
  const target = url && urlArgument(url);
  const text = target && stringValue(target);
  if (text === undefined || /^[a-z][a-z\d+.-]*:/i.test(text)) return undefined;
  return /^\.{0,2}\//.test(text) ? text : `./${text}`;
}

function union(...nodes: readonly (Node | undefined)[]): SpecifierValues {
  const values = nodes.map((node) => (node ? valuesOf(node) : OPEN));
  return {
    names: values.flatMap(({ names }) => names),
    templates: values.flatMap(({ templates }) => templates),
    isOpen: values.some(({ isOpen }) => isOpen),
  };
}

/** The texts around the holes; one text when there are none. */
function textsOf(expression: Node): readonly string[] {
  const node = unwrapped(expression);
  const text = stringValue(node);
  if (text !== undefined) return [text];
  if (node.type === "TemplateLiteral") {
    const quasis = children(node, "quasis").map((quasi) => cookedText(quasi) ?? "");
    const holes = children(node, "expressions").map(textsOf);
    return quasis.reduce<readonly string[]>((texts, quasi, index) => {
      const hole = holes[index - 1];
      return hole ? concatenate(concatenate(texts, hole), [quasi]) : [quasi];
    }, []);
  }
  const [left, right] = [child(node, "left"), child(node, "right")];
  if (node.type === "BinaryExpression" && node["operator"] === "+" && left && right) {
    return concatenate(textsOf(left), textsOf(right));
  }
  return ["", ""];
}

/** One text after another: the last piece of the first and the first piece of the second become one. */
function concatenate(before: readonly string[], after: readonly string[]): readonly string[] {
  const joined = (before.at(-1) ?? "") + (after[0] ?? "");
  return [...before.slice(0, -1), joined, ...after.slice(1)];
}

function fromTexts(texts: readonly string[]): SpecifierValues {
  const [first = ""] = texts;
  if (texts.length === 1) return { names: [first], templates: [], isOpen: false };
  // Without a folder in front of the hole it can be anything: another folder, or a package.
  return first.includes("/") ? { names: [], templates: [texts], isOpen: false } : OPEN;
}
