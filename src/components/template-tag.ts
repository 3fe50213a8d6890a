import { decodeHTMLAttribute } from "entities/decode";
import type { TemplateElement } from "../protocol/component.ts";
import { condensedCode } from "./condensed.ts";
import { recordOf } from "./tags.ts";
import type { OpenTag, TagAttribute } from "./tags.ts";

/** What the tag of an element says about it. */
export type TagMeaning = Omit<TemplateElement, "children" | "from">;

/** Tell what code does with an element from what is plain. `conditions` are those of the `v-if` before a `v-else`. */
export function readTag({ name: tag, attributes }: OpenTag, conditions: readonly string[]): TagMeaning {
  const kind = kindOf(tag);
  const plain = attributes.filter((attribute) => !isCode(attribute) && !NOT_DRAWN.has(attribute.name));
  // What a component makes of its attributes, only its code knows.
  const code = attributes
    .filter((attribute) => kind !== "element" || isCode(attribute) || isHeldByCode(attribute))
    .map((attribute) => asCode(attribute, conditions))
    .toSorted();
  return {
    kind,
    tag,
    times: timesOf(attributes),
    attributes: recordOf(plain.map(({ name, value = "" }) => [name, decodeHTMLAttribute(value)])),
    bound: attributes
      .filter(isCode)
      .flatMap(({ name }) => boundBy(canonicalName(name)))
      .toSorted(),
    ...(code.length > 0 && { code }),
  };
}

/** The condition of `v-if` and its like, as it is written; nothing where the element has none. */
export function conditionOf({
  attributes,
}: OpenTag): { readonly name: string; readonly text: string } | undefined {
  const condition = attributes.find(({ name }) => CONDITIONS.has(name));
  return condition && { name: condition.name, text: asCode(condition, []) };
}

const CONDITIONS = new Set(["v-if", "v-else-if", "v-else"]);
/** What code finds an element by, which is not drawn. */
const NOT_DRAWN = new Set(["key", "ref"]);

function kindOf(tag: string): TemplateElement["kind"] {
  // Nobody knows whether a template within a template is drawn as an element, or as what is in it.
  if (tag === "slot" || tag === "template") return "slot";
  return /^[A-Z]|[.:]/.test(tag) || tag === "component" ? "component" : "element";
}

function timesOf(attributes: readonly TagAttribute[]): TemplateElement["times"] {
  if (attributes.some(({ name }) => name === "v-for")) return "many";
  return attributes.some(({ name }) => CONDITIONS.has(name)) ? "optional" : "one";
}

/** Whether an attribute is no plain text. */
function isCode({ name, value = "" }: TagAttribute): boolean {
  return /^(?:[:@#]|v-)/.test(name) || value.includes("{{");
}

/** Plain text by which code finds an element, or which is code itself. */
function isHeldByCode({ name }: TagAttribute): boolean {
  return NOT_DRAWN.has(name) || name === "is" || /^on/i.test(name);
}

function asCode({ name, value }: TagAttribute, conditions: readonly string[]): string {
  const own = canonicalName(name) + (value === undefined ? "" : `="${condensedCode(value)}"`);
  // The same condition is another one behind others.
  return name.startsWith("v-else") && conditions.length > 0 ? `${own} after ${conditions.join(", ")}` : own;
}

/** `v-bind:a` is `:a`, and `v-on:a` is `@a`. */
function canonicalName(name: string): string {
  return name.replace(/^v-bind:/, ":").replace(/^v-on:/, "@");
}

/** Which attributes code writes. */
function boundBy(name: string): readonly string[] {
  if (name === "v-model") return ["checked", "value"];
  if (name === "v-show") return ["style"];
  if (/^(?:@|#|v-)/.test(name)) return [];
  const plain = name.replace(/^:/, "").replace(/\..*$/, "");
  return NOT_DRAWN.has(plain) ? [] : [plain];
}
