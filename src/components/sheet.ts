import { CssSyntaxError, parse } from "postcss";
import type { ChildNode, Container, Document, Root } from "postcss";
import { condensedCode } from "./condensed.ts";

/** Whoever reads a sheet goes down as deep as it is, and the stack has an end. */
const MAX_DEPTH = 512;

/** Read a style sheet. Whether a file with a source map is beside it, is nothing to us. */
export function readSheet(css: string): Root {
  return parse(css, { map: false });
}

/** Why a text is no style sheet, and from which of its characters on; nothing where it is one. */
export function hindranceOfSheet(css: string): { readonly message: string; readonly at: number } | undefined {
  try {
    const deep = tooDeep(readSheet(css));
    return (
      deep && {
        message: `Expected at most ${MAX_DEPTH} rules within each other.`,
        at: deep.source?.start?.offset ?? 0,
      }
    );
  } catch (error) {
    if (!(error instanceof CssSyntaxError)) throw error;
    const { reason, line = 1, column = 1 } = error;
    const before = css.split("\n").slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, column - 1);
    return { message: `Expected a style sheet, got a mistake in one: ${reason}.`, at };
  }
}

/** Whether two style sheets say the same: comments, and space between what they say, are left out of account. */
export function isSameSheet(one: string, other: string): boolean {
  return one === other || sayingsOf(readSheet(one)) === sayingsOf(readSheet(other));
}

/** The first node of those that are too deep. No recursion, for that is what would fail. */
function tooDeep(root: Root): ChildNode | undefined {
  let level: readonly ChildNode[] = root.nodes;
  for (let depth = 0; level.length > 0 && depth <= MAX_DEPTH; depth++)
    level = level.flatMap((node) => ("nodes" in node ? (node.nodes ?? []) : []));
  return level[0];
}

function sayingsOf(parent: Container | Document): string {
  return (parent.nodes ?? []).map((node) => sayingOf(node)).join("");
}

function sayingOf(node: ChildNode | Root): string {
  switch (node.type) {
    case "comment":
      return "";
    case "decl": {
      const value = node.prop.startsWith("--") ? node.value.trim() : condensedCode(node.value);
      return `${node.prop}:${value}${node.important === true ? "!important" : ""};`;
    }
    case "rule":
      return `${condensedCode(node.selector)}{${sayingsOf(node)}}`;
    case "atrule":
      return `@${node.name} ${condensedCode(node.params)}${node.nodes === undefined ? ";" : `{${sayingsOf(node)}}`}`;
    case "root":
    default:
      return sayingsOf(node);
  }
}
