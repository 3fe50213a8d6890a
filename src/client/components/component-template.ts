import type { ComponentPatch, TemplateElement } from "../../protocol/component.ts";
import { openRoots } from "../reload/element-path.ts";
import { hindranceOf } from "./hindrance.ts";
import { planInstance } from "./instance-plan.ts";
import { COMPONENT } from "./live-elements.ts";
import { PageEdits } from "./page-edits.ts";
import { PatchMemory } from "./patch-memory.ts";
import { PatchRefusal } from "./patch-refusal.ts";
import { TemplateIdentities } from "./template-identities.ts";
import { TemplateVersions } from "./template-versions.ts";

type TemplatePatch = NonNullable<ComponentPatch["template"]>;

/** So many targets are remembered that may stand in the page still. */
const MAX_SHOWN = 8;

/** So often an instance is brought up to date without a pause: more is a fight with code that does not want it. */
const MAX_ROUNDS = 50;

/** The template of one component in a page: what it was, what it is now, and its instances. */
export class ComponentTemplate {
  readonly #id: string;
  readonly #memory = new PatchMemory();
  /** One object for each template: what is known of it is known by that. */
  readonly #known = new Map<string, TemplateElement>();
  readonly #identities = new TemplateIdentities();
  #drawn: readonly TemplateElement[] = [];
  #shown: readonly TemplateElement[] = [];
  #versions: TemplateVersions | undefined;
  /** Why instances are not as they should be. */
  readonly #unsettled = new Map<Element, string>();
  #rounds = new Map<Element, number>();

  constructor(id: string) {
    this.#id = id;
  }

  /** Bring all instances to what the template is now, or none. Returns why not. */
  apply({ before, after }: TemplatePatch): string | undefined {
    const built = this.#one(before, [...this.#drawn, ...this.#shown]);
    const drawn = [...new Set([built, ...this.#drawn])];
    const target = this.#one(after, [...drawn, ...this.#shown]);
    const versions = new TemplateVersions(target, drawn, this.#shown, this.#identities);
    const hindrance = hindranceOf(versions) ?? this.#bring(this.instances(), versions);
    if (hindrance !== undefined) return hindrance;
    this.#unsettled.clear();
    this.#drawn = drawn;
    this.#shown = [...new Set([target, ...this.#shown])].slice(0, MAX_SHOWN);
    this.#versions = versions;
    return undefined;
  }

  /** Code has drawn in these instances. */
  applyAgain(instances: Iterable<Element>): void {
    const versions = this.#versions;
    if (versions === undefined) return;
    for (const instance of instances) {
      const hindrance = this.#isFighting(instance)
        ? "Code undoes the patch."
        : this.#bring([instance], versions);
      if (hindrance === undefined) this.#unsettled.delete(instance);
      else this.#unsettled.set(instance, hindrance);
    }
  }

  /** Why an instance of the page is not what the template is now, if one is not. */
  get refusal(): string | undefined {
    for (const [instance, reason] of this.#unsettled) if (instance.isConnected) return reason;
    return undefined;
  }

  /** Whether what code draws needs no patch. */
  get isBuilt(): boolean {
    return this.#drawn.every((drawn) => drawn === this.#versions?.target);
  }

  /** Something has changed in there; what has come may be anything. */
  touch(parent: Node, come: Iterable<Node>): void {
    for (let at: Node | null = parent; at !== null; at = at.parentNode)
      if (at instanceof Element) this.#memory.forget(at);
    for (const node of come)
      if (node instanceof Element)
        for (const each of [node, ...node.querySelectorAll("*")]) this.#memory.forget(each);
  }

  /** What code does is not seen any more. */
  endWatching(): void {
    this.#memory.forgetAll();
  }

  instances(): readonly Element[] {
    const selector = `[${COMPONENT}=${CSS.escape(this.#id)}]`;
    return openRoots().flatMap((root) => Array.from(root.querySelectorAll(selector)));
  }

  #bring(instances: readonly Element[], versions: TemplateVersions): string | undefined {
    const edits = new PageEdits(this.#memory);
    try {
      for (const instance of instances) planInstance(instance, versions, this.#memory, edits);
    } catch (error) {
      // Also what is no name of an attribute, and whatever else a browser does not make.
      if (error instanceof PatchRefusal || error instanceof DOMException) return error.message;
      throw error;
    }
    edits.apply();
    return undefined;
  }

  #one(template: TemplateElement, versions: readonly TemplateElement[]): TemplateElement {
    const text = JSON.stringify(template, (name, value: unknown) => (name === "from" ? undefined : value));
    const known = this.#known.get(text) ?? template;
    this.#known.set(text, known);
    this.#identities.add(known, versions);
    return known;
  }

  #isFighting(instance: Element): boolean {
    // A pause is a task of its own.
    if (this.#rounds.size === 0) setTimeout(() => (this.#rounds = new Map()));
    const rounds = (this.#rounds.get(instance) ?? 0) + 1;
    this.#rounds.set(instance, rounds);
    return rounds > MAX_ROUNDS;
  }
}
