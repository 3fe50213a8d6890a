import type { ModuleUpdate } from "../../protocol/module-updates.ts";
import { openRoots } from "../reload/element-path.ts";
import { readStyles, STYLE, writeStyles } from "./component-styles.ts";
import { ComponentTemplate } from "./component-template.ts";
import { COMPONENT } from "./live-elements.ts";

/** Sheets that code has put into the page, and those that are there now. */
interface ComponentStyles {
  readonly built: readonly string[];
  readonly sheets: readonly string[];
  readonly refusal: string | undefined;
}

/**
 * Brings components of a page up to date that a program draws which was compiled before, and knows nothing of it. What that draws
 * anew is brought up to date again, as long as it is not what the component is by now.
 */
export class ComponentPatches {
  readonly #styles = new Map<string, ComponentStyles>();
  readonly #templates = new Map<string, ComponentTemplate>();
  /** Which edit each is at. */
  readonly #revs = new Map<string, number | undefined>();
  readonly #observer = new MutationObserver((records) => this.#follow(records));
  /** Documents and shadow roots that are watched. */
  #watched = new Set<Node>();

  /**
   * Bring a component to what it is now: its sheets, or all of its instances. All of it is done, or nothing.
   *
   * @returns why it is not, if it is not
   */
  apply(update: ModuleUpdate): string | undefined {
    const { id, kind, rev, styles, template } = update;
    const refusal = this.#own(() => {
      if (kind === "style" && styles !== undefined) return this.#applyStyles(id, styles);
      if (kind === "template" && template !== undefined) return this.#applyTemplate(id, template);
      return `Nothing says what the ${kind} of ${id} is.`;
    });
    if (refusal !== undefined) return refusal;
    this.#revs.set(`${kind} ${id}`, rev);
    return this.refusalOf(update);
  }

  /** Whether this very edit is what the page is brought to, as far as it can be. */
  has({ id, kind, rev }: ModuleUpdate): boolean {
    const key = `${kind} ${id}`;
    return this.#revs.has(key) && this.#revs.get(key) === rev;
  }

  /** Why a component is not what it was told to be, now. */
  refusalOf({ id, kind }: ModuleUpdate): string | undefined {
    const own = kind === "style" ? this.#styles.get(id) : this.#templates.get(id);
    return own === undefined
      ? `Nothing new of the ${kind} of ${id} is taken.`
      : (own.refusal ?? absenceOf(id));
  }

  #applyStyles(id: string, sheets: readonly string[]): string | undefined {
    const built = this.#styles.get(id)?.built ?? readStyles(id);
    const refusal = writeStyles(id, sheets);
    if (refusal === undefined) this.#styles.set(id, { built, sheets, refusal });
    return refusal;
  }

  #applyTemplate(id: string, template: NonNullable<ModuleUpdate["template"]>): string | undefined {
    const own = this.#templates.get(id) ?? new ComponentTemplate(id);
    const refusal = own.apply(template);
    if (refusal === undefined) this.#templates.set(id, own);
    return refusal;
  }

  /** Somebody else takes what is new of a component. */
  leave(id: string, kind: "style" | "template"): void {
    (kind === "style" ? this.#styles : this.#templates).delete(id);
    this.#revs.delete(`${kind} ${id}`);
    this.#watch();
  }

  /** Change the page oneself: what code has changed before is looked at afterwards, what this changes is not. */
  #own(change: () => string | undefined): string | undefined {
    const earlier = this.#observer.takeRecords();
    this.#touch(earlier);
    try {
      return change();
    } finally {
      this.#observer.takeRecords();
      this.#watch();
      this.#follow(earlier);
    }
  }

  #follow(records: readonly MutationRecord[]): void {
    if (records.length === 0) return;
    this.#touch(records);
    const hasStyle = records.some(({ target, addedNodes }) =>
      [target, ...addedNodes].some(isStyleOfComponent),
    );
    if (hasStyle)
      for (const [id, own] of this.#styles)
        this.#styles.set(id, { ...own, refusal: writeStyles(id, own.sheets) });
    for (const template of this.#templates.values()) template.applyAgain(this.#touched(template, records));
    this.#observer.takeRecords();
    if (records.some(({ addedNodes }) => addedNodes.length > 0)) this.#watch();
  }

  #touch(records: readonly MutationRecord[]): void {
    for (const { target, addedNodes } of records)
      for (const template of this.#templates.values()) template.touch(target, addedNodes);
  }

  /** Instances in which something has changed, and those that have come. */
  #touched(template: ComponentTemplate, records: readonly MutationRecord[]): readonly Element[] {
    return template
      .instances()
      .filter((instance) =>
        records.some(
          ({ target, addedNodes }) =>
            instance.contains(target) || [...addedNodes].some((node) => isWithin(instance, node)),
        ),
      );
  }

  /** Look at what code does, as long as there is something that it does not know. */
  #watch(): void {
    const isBuilt =
      [...this.#templates.values()].every((template) => template.isBuilt) &&
      [...this.#styles.values()].every(({ built, sheets }) => built.join("\n") === sheets.join("\n"));
    if (isBuilt) {
      this.#observer.disconnect();
      this.#watched = new Set();
      for (const template of this.#templates.values()) template.endWatching();
      return;
    }
    for (const root of openRoots()) {
      if (this.#watched.has(root)) continue;
      this.#watched.add(root);
      this.#observer.observe(root, {
        subtree: true,
        childList: true,
        characterData: true,
        attributeFilter: [COMPONENT, STYLE],
      });
    }
  }
}

function absenceOf(id: string): string | undefined {
  const isMarked = openRoots().some((root) => root.querySelector(`[${COMPONENT}], [${STYLE}]`) !== null);
  return isMarked ? undefined : `Nothing in the page says where ${id} is.`;
}

/** Also in shadow roots of what has come. */
function isWithin(element: Element, node: Node): boolean {
  for (let at: Node = element; ;) {
    if (node.contains(at)) return true;
    const root = at.getRootNode();
    if (!(root instanceof ShadowRoot)) return false;
    at = root.host;
  }
}

function isStyleOfComponent(node: Node): boolean {
  const element = node instanceof Element ? node : node.parentElement;
  if (element === null) return false;
  return element.closest(`[${STYLE}]`) !== null || element.querySelector(`[${STYLE}]`) !== null;
}
