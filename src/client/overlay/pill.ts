import { button, h } from "./elements.ts";
import type { PageState } from "./problem-store.ts";

/** How long an update is shown, in milliseconds. */
const UPDATED_MS = 2_000;

/** The small sign in the corner: something is being built, was just updated, or is broken. */
export class Pill {
  /** A live region has to be there before what it tells. */
  readonly element: HTMLElement = h("div", { class: "pill", role: "status" });
  readonly #onPress: () => void;
  #shown = "";
  #updated: PageState["updated"];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onPress: () => void) {
    this.#onPress = onPress;
  }

  show({ problems, building, updated }: PageState, isOverlayOpen: boolean): void {
    if (updated !== this.#updated) this.#note(updated);
    const count = problems.length;
    if (isOverlayOpen) return this.#draw("");
    // While it is built anew, what was broken may be mended.
    if (building !== undefined) return this.#draw("is-building", building);
    if (count > 0) return this.#draw("is-failed", count === 1 ? "1 error" : `${count} errors`);
    if (this.#timer !== undefined && updated !== undefined) return this.#draw("is-updated", updated.text);
    this.#draw("");
  }

  focus(): void {
    this.element.querySelector("button")?.focus({ preventScroll: true });
  }

  #note(updated: PageState["updated"]): void {
    this.#updated = updated;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#shown.startsWith("is-updated")) this.#draw("");
    }, UPDATED_MS);
  }

  #draw(state: string, text = ""): void {
    const shown = `${state} ${text}`;
    // What is drawn anew is told anew to those who listen.
    if (shown === this.#shown) return;
    this.#shown = shown;
    const content = [h("i", { class: "dot" }), h("span", {}, text)];
    if (state === "") this.element.replaceChildren();
    else if (state === "is-failed")
      this.element.replaceChildren(
        button({ class: state, title: "Show the errors" }, this.#onPress, content),
      );
    else this.element.replaceChildren(h("div", { class: state }, content));
  }
}
