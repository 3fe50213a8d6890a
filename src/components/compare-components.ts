import type { ComponentPatch, TemplateNode } from "../protocol/component.ts";
import type { Component, ComponentProblem, StyleSection } from "./component.ts";
import { correlate } from "./correlate.ts";
import { readComponent } from "./read-component.ts";
import { scopedSheet } from "./scoped-sheet.ts";
import { isSameSheet } from "./sheet.ts";
import { compareTemplates, rootOf } from "./template-change.ts";
import type { TemplateChange } from "./template-change.ts";

/** What an edit of a component asks for. */
export type ComponentChange =
  /** Nothing: it says what it said. */
  | { readonly kind: "same" }
  /** Pages can be brought up to date without a build. */
  | { readonly kind: "patch"; readonly patch: ComponentPatch }
  /** Only a build can: `reason` is a clause, such as "the code has changed". */
  | { readonly kind: "build"; readonly reason: string }
  /** Nothing yet: somebody is typing. */
  | { readonly kind: "broken"; readonly problem: ComponentProblem };

/**
 * Compare a component as the last successful build has read it with what it is now. A patch is whole: it makes of what was
 * built what is there now, whatever patches there were between.
 *
 * @param id the name of its module, `components/counter`
 */
export function compareComponents(builtText: string, nowText: string, id: string): ComponentChange {
  if (builtText === nowText) return { kind: "same" };
  const built = readComponent(builtText);
  // The build has understood what we do not: whether an edit of it matters, only the build can tell.
  if (built.kind === "problem")
    return { kind: "build", reason: "it has been built of a text that only the build can read" };
  const now = readComponent(nowText);
  if (now.kind === "problem") return { kind: "broken", problem: now };
  const reason = whyBuild(built, now);
  if (reason !== undefined) return { kind: "build", reason };
  const template = compareTemplates(templateOf(built), templateOf(now));
  return template.kind === "build" ? template : patchOf(built, now, template, id);
}

/** What makes a page show a component as it is in this text, whatever has been patched: all that a patch can hold. */
export function wholePatch(text: string, id: string): ComponentPatch {
  const component = readComponent(text);
  if (component.kind === "problem") return { id };
  const root = rootOf(templateOf(component));
  return {
    id,
    ...(isOfPlainStyles(component) && { styles: sheetsOf(component, id) }),
    ...(root && {
      template: { before: root, after: correlate(root, root), text: templateTextOf(component) },
    }),
  };
}

/** Why an edit has to be built, whatever it is in the template. */
function whyBuild(built: Component, now: Component): string | undefined {
  if (built.outside !== now.outside) return "the text outside of its sections has changed";
  if (tagsOf(built) !== tagsOf(now)) return "its sections are others, or in another order";
  for (const [index, section] of now.sections.entries()) {
    const was = built.sections[index];
    if (was === undefined || !isSameRecord(was.attributes, section.attributes))
      return `the attributes of its <${section.tag}> have changed`;
    if (was.kind === "text" && section.kind === "text" && was.text.trim() !== section.text.trim())
      return section.tag === "code" || section.tag === "script"
        ? "the code has changed"
        : `its <${section.tag}> has changed, which only a build can read`;
  }
  if (areStylesChanged(built, now) && !isOfPlainStyles(now)) return "a part of its styles has to be compiled";
  return undefined;
}

function patchOf(
  built: Component,
  now: Component,
  template: Exclude<TemplateChange, { readonly kind: "build" }>,
  id: string,
): ComponentChange {
  const areOther = areStylesChanged(built, now);
  if (!areOther && template.kind === "same") return { kind: "same" };
  return {
    kind: "patch",
    patch: {
      id,
      ...(areOther && { styles: sheetsOf(now, id) }),
      ...(template.kind === "patch" && {
        template: { before: template.before, after: template.after, text: templateTextOf(now) },
      }),
    },
  };
}

function tagsOf({ sections }: Component): string {
  return sections.map(({ tag }) => tag).join(" ");
}

function templateOf({ sections }: Component): readonly TemplateNode[] {
  return sections.flatMap((section) => (section.kind === "template" ? section.nodes : []));
}

function templateTextOf({ sections }: Component): string {
  return sections.map((section) => (section.kind === "template" ? section.text : "")).join("");
}

function stylesOf({ sections }: Component): readonly StyleSection[] {
  return sections.filter((section) => section.kind === "style");
}

/** Whether all of its style sheets are plain CSS: only together do they make a patch. */
function isOfPlainStyles({ sections }: Component): boolean {
  return sections.every(({ kind, tag }) => tag !== "style" || kind === "style");
}

function areStylesChanged(built: Component, now: Component): boolean {
  const before = stylesOf(built);
  return stylesOf(now).some(({ css }, index) => !isSameSheet(before[index]?.css ?? "", css));
}

function sheetsOf(component: Component, id: string): readonly string[] {
  return stylesOf(component).map(({ css, isScoped }) => (isScoped ? scopedSheet(css, id) : css));
}

function isSameRecord(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
