/** What of a component's template may stand in a page: an element with what is in it, or a text. */
export type TemplateNode = TemplateElement | TemplateText;

/**
 * An element, a child component (`<Counter/>`), or a `slot`: any run of nodes that others put there. That is `<slot>`, and
 * whatever else no template knows the nodes of: `<template v-if>`, what `v-html` gives, the text of a script.
 */
export interface TemplateElement {
  readonly kind: "element" | "component" | "slot";
  /** As it is written: `div`, `Counter`, `slot`, `template`, `v-html`. */
  readonly tag: string;
  /** `optional` with `v-if` and its like, `many` with `v-for`. */
  readonly times: "one" | "optional" | "many";
  /** Attributes that are plain text, entities decoded. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of attributes whose values code gives: `class` for `:class`. */
  readonly bound: readonly string[];
  /** What code does with it, as it is written, in the order of names: `@click="add"`, `v-if="open"`; absent if nothing. */
  readonly code?: readonly string[];
  readonly children: readonly TemplateNode[];
  /** Which node of the template before it was, counted in document order from 0; none for what is new. */
  readonly from?: number;
}

/** Text that is plain, or has holes. */
export interface TemplateText {
  readonly kind: "text";
  /**
   * Plain text, entities decoded and space condensed outside of `<pre>`, and the expressions between. Space at the edge of a
   * block is left away; a text between inline elements may be a single space, which not every framework draws.
   */
  readonly parts: readonly TemplatePart[];
  readonly from?: number;
}

/** A piece of text: as it is, or what an expression gives. */
export type TemplatePart = string | { readonly hole: string };

/** How a component has become another one without anything that would have to be built. */
export interface ComponentPatch {
  /** The name of its module: `components/counter`. */
  readonly id: string;
  /** Its `<style>` sections in their order, as whole style sheets, scoped already; absent if all are as they were. */
  readonly styles?: readonly string[] | undefined;
  /** The root element as the last successful build has it, and as it is now; absent if it is as it was. */
  readonly template?: ChangedTemplate | undefined;
}

/** A template as it was and as it is. */
export interface ChangedTemplate {
  readonly before: TemplateElement;
  readonly after: TemplateElement;
  /** As it is written now: all between `<template>` and its end. */
  readonly text: string;
}
