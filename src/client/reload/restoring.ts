import { writeCaret } from "./caret.ts";
import { elementAt } from "./element-path.ts";
import type { FieldHistory } from "./field-history.ts";
import { hasState, writeField } from "./fields.ts";
import { activeElement, fieldAt, focusAt } from "./page-snapshot.ts";
import { mayKeep } from "./secret-fields.ts";
import type { KeptDetails, KeptField, KeptFocus, KeptScroll, PageSnapshot } from "./page-snapshot.ts";

/** How long after it has been loaded a page may take to show what there was. */
const PATIENCE_MS = 5_000;
/** What appears without a change that can be seen from the document, as in shadow roots, is looked for so often. */
const LOOK_MS = 50;
/** A page that takes back what is put into it wants it so. */
const MAX_TRIES = 3;

/** Puts back what the document before had, piece by piece as the page comes to be, and nothing where somebody is at work. */
export class Restoring {
  readonly #history: FieldHistory;
  readonly #tries = new Map<KeptField, number>();
  #fields: Set<KeptField>;
  #details: Set<KeptDetails>;
  #scrolls: Set<KeptScroll>;
  #focus: KeptFocus | undefined;
  /** Whoever looks at the page has done something by now. */
  #isInUse = false;
  #hasScrolled = false;
  #end: () => void = () => undefined;

  constructor(snapshot: PageSnapshot, history: FieldHistory) {
    this.#history = history;
    this.#fields = new Set(snapshot.fields);
    this.#details = new Set(snapshot.details);
    this.#scrolls = new Set(snapshot.scrolls);
    this.#focus = snapshot.focus;
  }

  /** What is not there yet, and has to be kept again if the page goes before it comes. */
  get pending(): PageSnapshot {
    return {
      fields: [...this.#fields],
      details: [...this.#details],
      scrolls: this.#hasScrolled ? [] : [...this.#scrolls],
      focus: this.#isInUse ? undefined : this.#focus,
    };
  }

  /** Begin, as soon as there is something to be found. */
  begin(): void {
    const observer = new MutationObserver(() => this.#look());
    const timer = setInterval(() => this.#look(), LOOK_MS);
    const scrollers = ["wheel", "touchmove", "keydown", "pointerdown"];
    const onUse = ({ type, isTrusted }: Event): void => {
      if (!isTrusted) return;
      this.#hasScrolled = true;
      if (type === "keydown" || type === "pointerdown") this.#isInUse = true;
    };
    for (const name of scrollers) addEventListener(name, onUse, { capture: true, passive: true });
    this.#end = () => {
      this.#end = () => undefined;
      observer.disconnect();
      clearInterval(timer);
      for (const name of scrollers) removeEventListener(name, onUse, { capture: true });
      this.#fields = new Set();
      this.#details = new Set();
      this.#scrolls = new Set();
      this.#focus = undefined;
    };
    observer.observe(document, { subtree: true, childList: true });
    const onLoad = (): void => void setTimeout(() => this.#end(), PATIENCE_MS);
    if (document.readyState === "complete") onLoad();
    else addEventListener("load", onLoad, { once: true });
    this.#look();
  }

  #look(): void {
    // What is still being read may not have its children, or its neighbours, yet.
    if (document.readyState === "loading") return;
    for (const kept of this.#fields) if (this.#putField(kept)) this.#fields.delete(kept);
    for (const kept of this.#details) if (putDetails(kept)) this.#details.delete(kept);
    for (const kept of this.#scrolls) if (this.#hasScrolled || putScroll(kept)) this.#settle(kept);
    if (this.#putFocus()) this.#focus = undefined;
    const { fields, details, scrolls, focus } = this.pending;
    if (fields.length + details.length + scrolls.length === 0 && focus === undefined) this.#end();
  }

  /** Until everything is loaded, what is reached can be lost again: frameworks take over what the server has rendered. */
  #settle(kept: KeptScroll): void {
    if (document.readyState === "complete") this.#scrolls.delete(kept);
  }

  #putField(kept: KeptField): boolean {
    const field = fieldAt(kept.name);
    if (field === undefined) return false;
    if (this.#history.isTyped(field) || !mayKeep(field, this.#history)) return true;
    const isThere = hasState(field, kept.state);
    const tries = this.#tries.get(kept) ?? 0;
    if (!isThere && tries < MAX_TRIES) {
      this.#tries.set(kept, tries + 1);
      return writeField(field, kept.state) && document.readyState === "complete";
    }
    return document.readyState === "complete" || tries >= MAX_TRIES;
  }

  #putFocus(): boolean {
    if (this.#focus === undefined || this.#isInUse) return true;
    const element = focusAt(this.#focus.on);
    if (element === undefined) return false;
    if (activeElement() !== element) element.focus({ preventScroll: true });
    const { caret } = this.#focus;
    if (caret !== undefined) writeCaret(element, caret);
    // Where its text is still to come, the place in it is, too.
    const isWaiting = [...this.#fields].some(({ name }) => fieldAt(name) === element);
    return document.readyState === "complete" && activeElement() === element && !isWaiting;
  }
}

function putDetails({ path, isOpen }: KeptDetails): boolean {
  const details = elementAt(path);
  if (!(details instanceof HTMLDetailsElement)) return false;
  details.open = isOpen;
  return true;
}

/** Returns whether it is where it was: what grows later has to be scrolled again. */
function putScroll({ path, left, top }: KeptScroll): boolean {
  const scroller = path === undefined ? document.scrollingElement : elementAt(path);
  if (scroller === undefined || scroller === null) return false;
  const at = (): boolean =>
    Math.abs(scroller.scrollLeft - left) < 2 && Math.abs(scroller.scrollTop - top) < 2;
  if (!at()) scroller.scrollTo({ left, top, behavior: "instant" });
  return at();
}
