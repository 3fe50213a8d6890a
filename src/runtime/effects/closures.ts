import { inspect } from "./inspected.ts";
import type { InspectedObject, InspectedProperty } from "./inspected.ts";

const verdicts = new WeakMap<Function, boolean>();

/**
 * Whether a function can keep what it is called with where nobody else sees it: in variables of a function around it, or
 * in those of a package's module. A field of a class such as `create = () => new App()` cannot: it knows its object, which
 * can be looked at, and classes; and a function at the top level of a project module knows what is looked at anyway.
 *
 * @param isTopLevel whether a name is one of that module
 */
export function hasHiddenPlaces(subject: Function, isTopLevel: (name: string) => boolean): boolean {
  const known = verdicts.get(subject);
  if (known !== undefined) return known;
  const reached = new Set([subject]);
  const isHidden = isAnyHidden(reached, isTopLevel);
  // Functions that call each other are judged together: one that is looked at on the way has not been judged alone.
  for (const each of isHidden ? [subject] : reached) verdicts.set(each, isHidden);
  return isHidden;
}

/** @param reached gets all that these functions call */
function isAnyHidden(reached: Set<Function>, isTopLevel: (name: string) => boolean): boolean {
  for (const each of reached) {
    const known = verdicts.get(each);
    if (known === false) continue;
    const seen = known ?? inspect(each, (inspected) => variablesOf(inspected, each, isTopLevel), undefined);
    if (seen === true || seen === undefined || seen.isWritten) return true;
    for (const value of seen.values) {
      if (typeof value !== "function") return true;
      if (!isClass(value)) reached.add(value);
    }
  }
  return false;
}

interface SeenVariables {
  /** One of them may get another value. */
  readonly isWritten: boolean;
  /** The objects and functions in them. */
  readonly values: readonly unknown[];
}

/** The variables that a function names; `undefined` for one of the language, or a bound one: nobody sees behind it. */
function variablesOf(
  inspected: InspectedObject,
  subject: Function,
  isTopLevel: (name: string) => boolean,
): SeenVariables | undefined {
  const scopes = inspected.properties().internal.find(({ name }) => name === "[[Scopes]]")?.value?.objectId;
  if (scopes === undefined) return undefined;
  const text = Function.prototype.toString.call(subject);
  const words = new Set(text.match(NAME));
  const variables = inspected.properties(scopes).own.flatMap(({ value }): readonly InspectedProperty[] => {
    const isShared = value?.description === "Global" || value?.description === "Script";
    if (isShared || value?.objectId === undefined) return [];
    return inspected
      .properties(value.objectId)
      .own.filter(({ name }) => words.has(name) && !isTopLevel(name));
  });
  return {
    isWritten: variables.some(({ name }) => assignmentOf(name).test(text) || assignsPattern(text)),
    values: inspected.valuesOf(variables.filter(({ value }) => isObject(value))),
  };
}

/** A name that stands for a variable, perhaps: no member, and no private one. */
const NAME = /(?<![#\p{ID_Continue}$]|(?<!\.\.)\.)[\p{ID_Start}_$][\p{ID_Continue}$]*/gu;

function isObject(value: InspectedProperty["value"]): boolean {
  return value?.type === "function" || (value?.type === "object" && value.subtype !== "null");
}

/** A class makes new objects. */
function isClass(value: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

function assignmentOf(name: string): RegExp {
  const word = name.replaceAll("$", String.raw`\$`);
  const operator = String.raw`(?:\+\+|--|(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>]))`;
  return new RegExp(String.raw`(?:\+\+|--)\s*${word}(?![\w$])|(?<![\w$.#])${word}\s*${operator}`);
}

/** Whether a text assigns to a pattern or an element, which may be of any of the names in it: `[last] = [run]`. */
function assignsPattern(text: string): boolean {
  return /[\]}]\s*=(?![=>])/.test(text.replaceAll(/\b(?:const|let|var)\s*[[{][^=]*[\]}]\s*=/g, ""));
}
