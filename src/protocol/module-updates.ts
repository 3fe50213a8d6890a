import type { ChangedTemplate } from "./component.ts";

/** Modules that no bundler of pages knows have changed, such as those of another program. */
export interface ModuleUpdates {
  readonly modules: {
    readonly changed: readonly string[];
    /** Whatever depends on those, nearest first. */
    readonly dependents: readonly string[];
  };
  /** What is new of modules of which a part can be updated, in the order in which it is to be applied. */
  readonly updates: readonly ModuleUpdate[];
  /**
   * What a build has made of them: files of the output, as addresses have them without the slash in front. They are told as saves,
   * too: a page without code for modules has nothing to do here.
   */
  readonly output?: readonly string[] | undefined;
  /**
   * They are told before they are built. A page that cannot take them is not loaded again for it, as the code that it would get
   * is the same still; it is when the build has ended, which is told with the same updates and what it has made.
   */
  readonly isAhead?: boolean | undefined;
}

/** What is new of one module. */
export interface ModuleUpdate {
  readonly id: string;
  readonly kind: "style" | "template" | "module";
  /** Names what it says: whoever has had it need not take it once more. */
  readonly rev?: number | undefined;
  /** Of a style: all of it. */
  readonly css?: string | undefined;
  /** The same by its sheets, in their order. */
  readonly styles?: readonly string[] | undefined;
  /** Of a template: all of it, as it is written. */
  readonly html?: string | undefined;
  /** The same as a tree, and how it was when it was built. */
  readonly template?: ChangedTemplate | undefined;
  /** Where the new code is. */
  readonly url?: string | undefined;
  /** Which shape the state of the new code has. */
  readonly schema?: number | undefined;
  /** The modules that depend on it, nearest first: they are asked where it cannot take the update itself. */
  readonly parents?: readonly string[] | undefined;
  /** The module below that could not take its update, where this one is asked for it. */
  readonly from?: string | undefined;
}
