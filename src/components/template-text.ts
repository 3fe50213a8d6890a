import { decodeHTML } from "entities/decode";
import type { TemplatePart, TemplateText } from "../protocol/component.ts";

/** A text as HTML draws it: space is condensed, entities are decoded. */
export function drawnText(parts: readonly TemplatePart[], isPreformatted: boolean): TemplateText {
  return {
    kind: "text",
    parts: joined(parts).map((part) => {
      if (typeof part !== "string") return part;
      // First the space, as it is written: an entity for a space is one that shall be seen.
      return decodeHTML(isPreformatted ? part : part.replaceAll(/[ \t\n\f]+/g, " "));
    }),
  };
}

/** Without the space at its ends; without any part if there was nothing else. */
export function trimmedText(
  { parts }: TemplateText,
  ends: { readonly start: boolean; readonly end: boolean },
): TemplateText {
  const trimmed = parts.map((part, index) => {
    if (typeof part !== "string") return part;
    const from = ends.start && index === 0 && part.startsWith(" ") ? 1 : 0;
    const to = ends.end && index === parts.length - 1 && part.endsWith(" ") ? -1 : undefined;
    return part.slice(from, to);
  });
  return { kind: "text", parts: trimmed.filter((part) => part !== "") };
}

/** With all plain text that is side by side as one part, and without empty parts. */
function joined(parts: readonly TemplatePart[]): readonly TemplatePart[] {
  const whole: TemplatePart[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (typeof part === "string" && typeof last === "string") whole.splice(-1, 1, last + part);
    else if (part !== "") whole.push(part);
  }
  return whole;
}
