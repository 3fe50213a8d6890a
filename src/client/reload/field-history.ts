import type { PageRoot } from "./element-path.ts";

/** What has happened to the fields of a document since it began. */
export class FieldHistory {
  readonly #changed = new WeakSet<EventTarget>();
  readonly #typed = new WeakSet<EventTarget>();
  readonly #passwords = new WeakSet<EventTarget>();
  /** Frameworks put another element there when a password is shown. */
  readonly #passwordNames = new Set<string>();
  readonly #roots = new WeakSet<Node>();
  readonly #types = new MutationObserver((records) => this.#noteTypes(records));

  /** Notice everything from now on. */
  watch(): void {
    this.#observe(document);
    for (const event of ["input", "change", "focusin", "toggle"])
      addEventListener(event, (happened) => this.#note(happened), true);
  }

  /** Whether it has another content than the page gave it, as far as events tell. */
  isChanged(field: Element): boolean {
    return this.#changed.has(field);
  }

  /** Whether somebody is at work in it. */
  isTyped(field: Element): boolean {
    return this.#typed.has(field);
  }

  /** Whether it has ever been a field for a password, or has taken the place of one. */
  wasPassword(field: Element): boolean {
    // What the observer has seen is told a little later.
    this.#noteTypes(this.#types.takeRecords());
    const names = [field.id, field.getAttribute("name") ?? ""];
    return this.#passwords.has(field) || names.some((name) => this.#passwordNames.has(name));
  }

  #note(event: Event): void {
    const path = event.composedPath();
    for (const target of path) if (target instanceof ShadowRoot) this.#observe(target);
    const [field] = path;
    if (!(field instanceof HTMLElement)) return;
    if (field instanceof HTMLInputElement && field.type === "password") this.#notePassword(field);
    if (event.type === "focusin") return;
    const edited = event.type === "toggle" ? field : (hostOf(field) ?? field);
    this.#changed.add(edited);
    if (event.isTrusted && event.type !== "toggle") this.#typed.add(edited);
  }

  #noteTypes(records: readonly MutationRecord[]): void {
    for (const { target, oldValue } of records)
      if (oldValue?.toLowerCase() === "password" && target instanceof Element) this.#notePassword(target);
  }

  #notePassword(field: Element): void {
    this.#passwords.add(field);
    for (const name of [field.id, field.getAttribute("name")])
      if (name !== null && name !== "") this.#passwordNames.add(name);
  }

  #observe(root: PageRoot): void {
    if (this.#roots.has(root)) return;
    this.#roots.add(root);
    this.#types.observe(root, {
      subtree: true,
      attributes: true,
      attributeFilter: ["type"],
      attributeOldValue: true,
    });
  }
}

/** The element around it in which people write, where it is no field of a form. */
function hostOf(element: Element): Element | null {
  return element.closest("[contenteditable]:not([contenteditable=false])");
}
