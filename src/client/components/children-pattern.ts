import type { TemplateElement, TemplateNode, TemplateText } from "../../protocol/component.ts";
import type { LiveToken } from "./live-tokens.ts";
import { isSpace } from "./live-tokens.ts";
import type { PatternStep } from "./pattern.ts";
import { isControlled } from "./template-versions.ts";

/** What a step of a pattern reads. */
export type Role =
  /** White space between elements that is in no template. */
  | { readonly kind: "space"; readonly index: number }
  | { readonly kind: "element"; readonly index: number }
  /** A text begins, in the form that it has in one of the versions. */
  | { readonly kind: "text"; readonly index: number; readonly text: TemplateText; readonly isByNode: boolean }
  /** Space before and after a text, which is often left away. */
  | { readonly kind: "lead" | "trail" }
  | { readonly kind: "part"; readonly part: number };

export interface ChildrenPattern {
  readonly steps: readonly PatternStep[];
  readonly roles: ReadonlyMap<PatternStep, Role>;
  /** Where each child begins in the pattern, and where the last one ends. */
  readonly starts: readonly number[];
  readonly places: number;
}

/** What has to be known of the children of a template to find them in a page. */
export interface PatternRules {
  readonly isRaw: boolean;
  /** Whether an element of the page is one of these. */
  readonly fits: (element: Element, node: TemplateElement) => boolean;
  /** Whether a node is known to be of the template. */
  readonly isOwn: (node: ChildNode) => boolean;
  /** What a text was and is, in the order in which it is looked for. */
  readonly textsOf: (text: TemplateText) => readonly TemplateText[];
}

/** The pattern by which children are read that are drawn by a template. */
export function patternOf(children: readonly TemplateNode[], rules: PatternRules): ChildrenPattern {
  return new PatternBuilder(rules).build(children);
}

/** A step without the places between which it stands. */
type Open<Any> = Any extends PatternStep ? Omit<Any, "from" | "to"> : never;

class PatternBuilder {
  readonly #rules: PatternRules;
  readonly #steps: PatternStep[] = [];
  readonly #roles = new Map<PatternStep, Role>();
  #places = 1;

  constructor(rules: PatternRules) {
    this.#rules = rules;
  }

  build(children: readonly TemplateNode[]): ChildrenPattern {
    const starts: number[] = [];
    let place = 0;
    for (const [index, child] of children.entries()) {
      starts.push(place);
      place = child.kind === "text" ? this.#text(place, child, index) : this.#element(place, child, index);
    }
    starts.push(place);
    if (!this.#rules.isRaw) place = this.#space(place, { kind: "space", index: children.length });
    const steps = this.#steps.toSorted((a, b) => a.from - b.from);
    return { steps, roles: this.#roles, starts, places: this.#places };
  }

  #add(from: number, step: Open<PatternStep>, role?: Role): number {
    const to = this.#places++;
    const added: PatternStep = { ...step, from, to };
    this.#steps.push(added);
    if (role !== undefined) this.#roles.set(added, role);
    return to;
  }

  #element(from: number, node: TemplateElement, index: number): number {
    const { isRaw, fits } = this.#rules;
    const place = isRaw ? from : this.#space(from, { kind: "space", index });
    if (node.kind === "slot") return this.#slot(place, index);
    const isOne = (token: LiveToken): boolean => token.node instanceof Element && fits(token.node, node);
    return this.#add(
      place,
      {
        kind: "run",
        mayBeEmpty: isControlled(node),
        begins: isOne,
        goesOn: node.times === "many" ? isOne : () => false,
      },
      { kind: "element", index },
    );
  }

  /** Whatever others have drawn: whole nodes, and none that is known to be of a text. */
  #slot(from: number, index: number): number {
    const isOfOthers = ({ node }: LiveToken): boolean => !this.#rules.isOwn(node);
    const begin = this.#add(from, { kind: "gate", atBorder: true });
    const run = { kind: "run", mayBeEmpty: true, begins: isOfOthers, goesOn: isOfOthers } as const;
    const end = this.#add(begin, { ...run, isModest: true }, { kind: "element", index });
    return this.#add(end, { kind: "gate", atBorder: true });
  }

  #space(from: number, role: Role, takesLess = true, isMeant = isSpace): number {
    const run = { kind: "run", mayBeEmpty: true, begins: isMeant, goesOn: isMeant } as const;
    return this.#add(from, { ...run, isModest: takesLess }, role);
  }

  /** A text, in any of its forms. Those with holes are looked for with a node for each part first, as many programs draw them. */
  #text(from: number, node: TemplateText, index: number): number {
    const ends = this.#rules.textsOf(node).flatMap((text) => {
      const hasHoles = text.parts.some((part) => typeof part !== "string");
      return (hasHoles ? [true, false] : [false]).map((isByNode) => {
        const role: Role = { kind: "text", index, text, isByNode };
        return this.#form(this.#add(from, { kind: "gate", atBorder: false }, role), text, isByNode);
      });
    });
    const to = this.#places++;
    for (const end of ends) this.#steps.push({ kind: "gate", atBorder: false, from: end, to });
    return to;
  }

  #form(from: number, { parts }: TemplateText, isByNode: boolean): number {
    const { isRaw } = this.#rules;
    let place = isRaw ? from : this.#space(from, { kind: "lead" }, false);
    for (const [part, content] of parts.entries()) {
      if (typeof content !== "string") {
        place = this.#hole(place, part, isByNode);
        continue;
      }
      const words = isRaw ? [content] : wordsOf(content, part === 0, part === parts.length - 1);
      for (const word of words) place = this.#word(place, word, part);
    }
    return isRaw ? place : this.#space(place, { kind: "trail" }, false, isSpaceWithin);
  }

  #word(from: number, text: string, part: number): number {
    if (this.#rules.isRaw || text !== " ")
      return this.#add(from, { kind: "word", text }, { kind: "part", part });
    const run = { kind: "run", mayBeEmpty: false, begins: isBlank, goesOn: isBlank } as const;
    return this.#add(from, run, { kind: "part", part });
  }

  #hole(from: number, part: number, isByNode: boolean): number {
    if (!isByNode) {
      const run = { kind: "run", mayBeEmpty: true, begins: isText, goesOn: isText, isModest: true } as const;
      return this.#add(from, run, { kind: "part", part });
    }
    const begin = this.#add(from, { kind: "gate", atBorder: true });
    const goesOn = (token: LiveToken): boolean => isText(token) && !token.isFirst;
    const run = { kind: "run", mayBeEmpty: false, begins: isText, goesOn } as const;
    const end = this.#add(begin, run, { kind: "part", part });
    return this.#add(end, { kind: "gate", atBorder: true });
  }
}

function isBlank({ text }: LiveToken): boolean {
  return text === " ";
}

function isText({ text }: LiveToken): boolean {
  return text !== undefined;
}

/** Space at the end of a text is in the node of it: what another one begins with is of that. */
function isSpaceWithin(token: LiveToken): boolean {
  return isSpace(token) && !token.isFirst;
}

/** Words and the spaces between them. At the ends of a text, space is looked for beside it. */
function wordsOf(content: string, isFirst: boolean, isLast: boolean): readonly string[] {
  const condensed = content.replaceAll(/[ \t\n\r\f]+/g, " ");
  const begun = isFirst ? condensed.replace(/^ /, "") : condensed;
  const whole = isLast ? begun.replace(/ $/, "") : begun;
  return whole.split(/( )/).filter((word) => word !== "");
}
