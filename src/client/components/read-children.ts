import type { TemplateElement, TemplateNode, TemplateText } from "../../protocol/component.ts";
import { patternOf } from "./children-pattern.ts";
import type { ChildrenPattern, PatternRules, Role } from "./children-pattern.ts";
import { isSpace, writtenIn } from "./live-tokens.ts";
import type { LiveToken } from "./live-tokens.ts";
import { Reading } from "./pattern.ts";
import type { PatternStep } from "./pattern.ts";

/** What stands in an element of the page, by one version of its template. */
export interface ReadChildren {
  readonly form: TemplateElement;
  readonly items: readonly ReadItem[];
  /** White space after the last of them. */
  readonly rest: readonly ChildNode[];
  /** Whether it is sure where the child of this index begins. */
  readonly isSure: (index: number) => boolean;
}

export interface ReadItem {
  readonly item: TemplateNode;
  readonly nodes: readonly ChildNode[];
  /** White space before it that is in no template. */
  readonly space: readonly ChildNode[];
  readonly text?: DrawnText;
  /** Whether nothing of it may be something else, nor the other way round. */
  readonly isSure: boolean;
}

/** A text of the page, by one version of its template. */
export interface DrawnText {
  readonly form: TemplateText;
  readonly nodes: readonly Text[];
  /** Space before and after it, as it is written. */
  readonly lead: string;
  readonly trail: string;
  /** What stands for each part. */
  readonly values: readonly string[];
  /** The nodes of each part, where each has its own. */
  readonly partNodes?: readonly (readonly Text[])[];
  /** Whether it is sure what is in which hole. */
  readonly isSure: boolean;
}

export interface ReadingRules extends PatternRules {
  /** Which version of a text a patch has written into this one. */
  readonly writtenAs: (text: Text) => TemplateText | undefined;
}

/** A step that was taken, from one token to another. */
interface Taken {
  readonly step: PatternStep;
  readonly role: Role | undefined;
  readonly from: number;
  readonly to: number;
}

/** Find out what is what among nodes that this version of a template has drawn; nothing where it has not. */
export function readChildren(
  tokens: readonly LiveToken[],
  form: TemplateElement,
  rules: ReadingRules,
): ReadChildren | undefined {
  const pattern = patternOf(form.children, rules);
  const reading = new Reading(tokens, pattern.steps, pattern.places);
  if (!reading.isPossible) return undefined;
  const taken = walk(reading, pattern, rules);
  return {
    form,
    items: form.children.map((item, index) => itemOf(item, index, reading, taken, pattern.starts)),
    rest: spaceAt(form.children.length, tokens, taken),
    isSure: (index) => reading.isSure(pattern.starts[index] ?? 0),
  };
}

function walk(reading: Reading, { roles, places }: ChildrenPattern, rules: ReadingRules): readonly Taken[] {
  const taken: Taken[] = [];
  let [at, place] = [0, 0];
  while (place < places - 1) {
    const ways = reading.nextFrom(at, place);
    const [way] = isText(ways[0], roles)
      ? asWritten(ways, roles, writtenAt(at, reading.tokens, rules))
      : ways;
    if (way === undefined) break;
    const [step, to] = way;
    taken.push({ step, role: roles.get(step), from: at, to });
    at = to;
    place = step.to;
  }
  return taken;
}

function writtenAt(at: number, tokens: readonly LiveToken[], rules: ReadingRules): TemplateText | undefined {
  let first = at;
  for (let token = tokens[first]; token !== undefined && isSpace(token); token = tokens[first]) first++;
  const node = (tokens[first] ?? tokens[at])?.node;
  return node instanceof Text ? rules.writtenAs(node) : undefined;
}

type Ways = readonly (readonly [PatternStep, number])[];

function isText(way: Ways[number] | undefined, roles: ReadonlyMap<PatternStep, Role>): boolean {
  return way !== undefined && roles.get(way[0])?.kind === "text";
}

/** The ways to read what a patch has written; all, where that is not among them. */
function asWritten(ways: Ways, roles: ReadonlyMap<PatternStep, Role>, text: TemplateText | undefined): Ways {
  const written = ways.filter(([step]) => {
    const role = roles.get(step);
    return role?.kind === "text" && role.text === text;
  });
  return written.length > 0 ? written : ways;
}

function itemOf(
  item: TemplateNode,
  index: number,
  reading: Reading,
  taken: readonly Taken[],
  starts: readonly number[],
): ReadItem {
  const { tokens } = reading;
  const space = spaceAt(index, tokens, taken);
  const isSure = reading.isSure(starts[index] ?? 0) && reading.isSure(starts[index + 1] ?? 0);
  if (item.kind === "text") {
    const text = readText(index, reading, taken);
    return { item, space, isSure, nodes: text?.nodes ?? [], ...(text !== undefined && { text }) };
  }
  const run = taken.find(({ role }) => role?.kind === "element" && role.index === index);
  const nodes = nodesIn(tokens.slice(run?.from ?? 0, run?.to ?? 0));
  return { item, space, isSure, nodes };
}

function readText(index: number, reading: Reading, taken: readonly Taken[]): DrawnText | undefined {
  const { tokens } = reading;
  const start = taken.findIndex(({ role }) => role?.kind === "text" && role.index === index);
  const role = taken[start]?.role;
  if (role?.kind !== "text") return undefined;
  const isNext = ({ role: other }: Taken): boolean =>
    other?.kind === "text" || other?.kind === "space" || other?.kind === "element";
  const next = taken.findIndex((each, at) => at > start && isNext(each));
  const own = taken.slice(start, next === -1 ? undefined : next).filter((each) => each.role !== undefined);
  const within = (isMeant: (role: Role) => boolean): readonly LiveToken[] =>
    own
      .filter((each) => each.role !== undefined && isMeant(each.role))
      .flatMap(({ from, to }) => tokens.slice(from, to));
  const parts = role.text.parts.map((_, part) =>
    within((each) => each.kind === "part" && each.part === part),
  );
  // A part ends where the next one begins: both ends of each hole are looked at.
  const borders = own.filter((each) => each.role?.kind === "part").map(({ step }) => step);
  const isSure = role.isByNode || borders.every(({ from, to }) => reading.isSure(from) && reading.isSure(to));
  return {
    form: role.text,
    nodes: nodesIn(within(() => true)).filter((node) => node instanceof Text),
    lead: writtenIn(within(({ kind }) => kind === "lead")),
    trail: writtenIn(within(({ kind }) => kind === "trail")),
    values: parts.map(writtenIn),
    ...(role.isByNode && {
      partNodes: parts.map((part) => nodesIn(part).filter((node) => node instanceof Text)),
    }),
    isSure,
  };
}

/** Texts that are space alone, and in no template. */
function spaceAt(index: number, tokens: readonly LiveToken[], taken: readonly Taken[]): readonly ChildNode[] {
  const run = taken.find(({ role }) => role?.kind === "space" && role.index === index);
  if (run === undefined) return [];
  const others = new Set(nodesIn([...tokens.slice(0, run.from), ...tokens.slice(run.to)]));
  return nodesIn(tokens.slice(run.from, run.to)).filter((node) => !others.has(node));
}

function nodesIn(tokens: readonly LiveToken[]): readonly ChildNode[] {
  return [...new Set(tokens.map(({ node }) => node))];
}
