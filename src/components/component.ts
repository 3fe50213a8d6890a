import type { TextPosition } from "../protocol/text-position.ts";
import type { TemplateNode } from "../protocol/component.ts";

/** What stands in a component's file. */
export interface Component {
  readonly kind: "component";
  /** In the order of the file. */
  readonly sections: readonly ComponentSection[];
  /** What is written between them, comments left away and space condensed. */
  readonly outside: string;
}

/** A file that cannot be read, most often because somebody is typing: what was expected, and where. */
export interface ComponentProblem extends TextPosition {
  readonly kind: "problem";
  readonly message: string;
}

/** A part of the file: `<template>`, `<style>`, `<code>` or whatever a framework may read besides. */
export type ComponentSection = TemplateSection | StyleSection | TextSection;

/** A template that is HTML. */
export interface TemplateSection extends SectionTag {
  readonly kind: "template";
  /** As it is written. */
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
}

/** A style sheet that is CSS, as it is written. */
export interface StyleSection extends SectionTag {
  readonly kind: "style";
  readonly css: string;
  readonly isScoped: boolean;
}

/** What only a build understands: code, a template or styles in another language, a section of a name not known here. */
export interface TextSection extends SectionTag {
  readonly kind: "text";
  readonly text: string;
}

interface SectionTag {
  /** As it is written: `code`, `script`. */
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
}
