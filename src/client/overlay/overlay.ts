import { Dismissed } from "./dismissed.ts";
import { button, h } from "./elements.ts";
import { Pill } from "./pill.ts";
import { isLoud, keyOf } from "./problem-store.ts";
import type { PageProblem, PageState } from "./problem-store.ts";
import { canBeOpened, problemText, problemView } from "./problem-view.ts";
import { STYLE } from "./styles.ts";

/** What the overlay can do beyond itself. */
export interface OverlayPorts {
  /** Whether it may open by itself. */
  readonly opensByItself: boolean;
  /** Ask the server to open a place. */
  openInEditor(problem: PageProblem): void;
}

/** What is broken, over the page, and the pill. Neither takes the focus by itself. */
export class Overlay {
  readonly #ports: OverlayPorts;
  readonly #host: HTMLElement = document.createElement("orbit-overlay");
  readonly #backdrop: HTMLElement = h("div", { class: "backdrop", hidden: "" });
  readonly #pill: Pill = new Pill(() => this.#open("by hand"));
  readonly #dismissed = new Dismissed();
  #state: PageState = { problems: [], building: undefined, updated: undefined };
  /** The problem that is shown, while it is open. */
  #key: string | undefined;
  #isOpenedByHand = false;
  #drawn = "";
  #focusedBefore: Element | null = null;

  constructor(ports: OverlayPorts) {
    this.#ports = ports;
    const root = this.#host.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.append(this.#backdrop, this.#pill.element);
    this.#backdrop.addEventListener("click", ({ target }) => target === this.#backdrop && this.#dismiss());
    this.#host.addEventListener("keydown", ({ key }) => {
      if (key === "ArrowLeft") this.#step(-1);
      if (key === "ArrowRight") this.#step(1);
    });
    // The page's own listeners have nothing to do with what is pressed here.
    for (const name of ["click", "mousedown", "pointerdown", "keydown", "keyup", "keypress"])
      this.#host.addEventListener(name, (event) => event.stopPropagation());
    addEventListener("keydown", ({ key }) => key === "Escape" && this.#dismiss(), { capture: true });
  }

  /** Show what holds now. */
  show(state: PageState): void {
    const before = this.#state.problems.map(keyOf);
    const now = new Set(state.problems.map(keyOf));
    this.#state = state;
    // Beside the body: frameworks own that.
    if (!this.#host.isConnected) document.documentElement.append(this.#host);
    this.#dismissed.forget(before.filter((key) => !now.has(key)));
    const news = state.problems.find(
      (problem) =>
        isLoud(problem) && !before.includes(keyOf(problem)) && !this.#dismissed.has(keyOf(problem)),
    );
    if (news !== undefined && this.#ports.opensByItself) this.#open(keyOf(news));
    else this.#draw();
  }

  /** Say below a problem what has come of what was asked for. */
  say(text: string): void {
    this.#backdrop.querySelector(".said")?.remove();
    this.#backdrop.querySelector(".body")?.append(h("p", { class: "said", role: "status" }, text));
  }

  get #isOpen(): boolean {
    return this.#key !== undefined;
  }

  /** @param what the key of a problem, or that somebody has asked for it */
  #open(what: string): void {
    const isByHand = what === "by hand";
    const [first] = this.#state.problems;
    const key = isByHand ? first && keyOf(first) : what;
    if (!this.#isOpen) {
      this.#focusedBefore = document.activeElement;
      this.#isOpenedByHand = isByHand;
    }
    this.#key = key;
    this.#draw();
    if (isByHand) this.#backdrop.querySelector<HTMLElement>(".card")?.focus({ preventScroll: true });
  }

  #dismiss(): void {
    if (!this.#isOpen) return;
    this.#dismissed.add(this.#state.problems.map(keyOf));
    this.#close();
  }

  #close(): void {
    const active = document.activeElement;
    const hasFocus = active === this.#host || active === document.body || active === null;
    this.#key = undefined;
    this.#draw();
    if (!hasFocus) return;
    const before = this.#focusedBefore;
    if (before === this.#host) this.#pill.focus();
    // Where nothing had it, nothing gets it.
    else if (before !== document.body && (before instanceof HTMLElement || before instanceof SVGElement))
      before.focus({ preventScroll: true });
  }

  #step(by: number): void {
    const { problems } = this.#state;
    const at = problems.findIndex((problem) => keyOf(problem) === this.#key);
    const next = problems[(at + by + problems.length) % problems.length];
    if (next !== undefined && this.#isOpen) this.#key = keyOf(next);
    this.#draw();
  }

  #draw(): void {
    const { problems } = this.#state;
    const isWanted = problems.some((problem) => this.#isOpenedByHand || isLoud(problem));
    if (this.#isOpen && !isWanted) return this.#close();
    this.#pill.show(this.#state, this.#isOpen);
    this.#backdrop.hidden = !this.#isOpen;
    if (!this.#isOpen) {
      this.#drawn = "";
      return this.#backdrop.replaceChildren();
    }
    const at = Math.max(
      0,
      problems.findIndex((problem) => keyOf(problem) === this.#key),
    );
    const problem = problems[at];
    if (problem === undefined) return;
    this.#key = keyOf(problem);
    const drawn = JSON.stringify([at, problems.length, problem]);
    // What is drawn anew is told anew to those who listen, and what was selected in it is not any more.
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#drawCard(problem, at);
  }

  #drawCard(problem: PageProblem, at: number): void {
    const focused = this.#host.shadowRoot?.activeElement?.getAttribute("data-name");
    const card = h(
      "section",
      { class: "card", role: "dialog", "aria-labelledby": "message", tabindex: "-1" },
      this.#bar(problem, at),
      problemView(problem, () => this.#openInEditor(problem)),
    );
    this.#backdrop.replaceChildren(card);
    if (focused !== undefined && focused !== null)
      card.querySelector<HTMLElement>(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  }

  #bar(problem: PageProblem, at: number): HTMLElement {
    const count = this.#state.problems.length;
    const copy = button({ "data-name": "copy" }, () => void copyText(problemText(problem), copy), "Copy");
    return h(
      "header",
      { class: "bar" },
      h("span", { class: "what" }, titleOf(problem)),
      h(
        "span",
        { class: "actions" },
        count > 1 ? this.#steps(at, count) : undefined,
        copy,
        canBeOpened(problem)
          ? button({ "data-name": "open" }, () => this.#openInEditor(problem), "Open in editor")
          : undefined,
      ),
      button(
        { "aria-label": "Close", title: "Close (Esc)", "data-name": "close" },
        () => this.#dismiss(),
        "✕",
      ),
    );
  }

  #steps(at: number, count: number): HTMLElement {
    return h(
      "span",
      { class: "steps" },
      button({ "aria-label": "Previous error", "data-name": "previous" }, () => this.#step(-1), "‹"),
      `${at + 1} / ${count}`,
      button({ "aria-label": "Next error", "data-name": "next" }, () => this.#step(1), "›"),
    );
  }

  #openInEditor(problem: PageProblem): void {
    this.#backdrop.querySelector(".said")?.remove();
    this.#ports.openInEditor(problem);
  }
}

function titleOf(problem: PageProblem): string {
  if (problem.source === "page") return "Error in the page";
  if (problem.isEscaped === true) return "Error at run time";
  if (problem.isOfBuild === true) return "Cannot build";
  return problem.source === "bundler" ? "Cannot build" : "Cannot load";
}

async function copyText(text: string, pressed: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    pressed.textContent = "Copied";
  } catch {
    // Pages that are not secure have no clipboard.
    pressed.textContent = "Not allowed";
  }
  setTimeout(() => (pressed.textContent = "Copy"), 1_500);
}
