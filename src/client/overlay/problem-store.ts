import type { ReloadError } from "../../protocol/page-events.ts";

/** Who has told of a problem: the server of the API, the bundler, or the page's own code while it ran. */
export type ProblemSource = "server" | "bundler" | "page";

/** Something that is broken, as a page shows it. */
export interface PageProblem extends ReloadError {
  readonly source: ProblemSource;
}

/** What a page shows of its server at this moment. */
export interface PageState {
  /** Each once, in the order in which they matter. */
  readonly problems: readonly PageProblem[];
  /** What is being built. */
  readonly building: string | undefined;
  /** What has just been updated; each update is an object of its own. */
  readonly updated: { readonly text: string } | undefined;
}

/** Shows a page's state: loaded when there is something to show for the first time. */
export type StateView = (state: PageState) => void;

/** What is broken, and who has told of it. It is there from the beginning of the page, and the view of it is not. */
export class ProblemStore {
  readonly #loadView: () => Promise<unknown>;
  readonly #bySource = new Map<ProblemSource, readonly ReloadError[]>();
  #building: string | undefined;
  #updated: PageState["updated"];
  #view: StateView | undefined;
  #isLoading = false;

  /** @param loadView loads what calls {@link showIn} */
  constructor(loadView: () => Promise<unknown>) {
    this.#loadView = loadView;
  }

  /** All that one source tells of, in place of what it told before. */
  set(source: ProblemSource, errors: readonly ReloadError[]): void {
    this.#bySource.set(source, errors);
    this.#show();
  }

  /** What these have told of that holds. */
  messagesOf(...sources: readonly ProblemSource[]): readonly string[] {
    return sources.flatMap((source) =>
      (this.#bySource.get(source) ?? []).map(({ error: { file, line, message } }) =>
        [file, line, message].filter((part) => part !== undefined).join(":"),
      ),
    );
  }

  /** Say what is being built, or that nothing is. */
  setBuilding(what: string | undefined): void {
    this.#building = what;
    this.#show();
  }

  /** Say for a moment what has been updated. */
  tellUpdated(text: string): void {
    this.#updated = { text };
    this.#show();
  }

  /** The view is there. */
  showIn(view: StateView): void {
    this.#view = view;
    draw(view, this.#state());
  }

  #show(): void {
    if (this.#view !== undefined) return draw(this.#view, this.#state());
    const { problems, building, updated } = this.#state();
    if (this.#isLoading || (problems.length === 0 && building === undefined && updated === undefined)) return;
    this.#isLoading = true;
    // Where it cannot be had now, it is asked for with the next news.
    this.#loadView().catch(() => {
      this.#isLoading = false;
    });
  }

  #state(): PageState {
    const all = [...this.#bySource].flatMap(([source, errors]) =>
      errors.map((error): PageProblem => ({ ...error, source })),
    );
    const keys = all.map(keyOf);
    const problems = all
      .filter((_problem, index) => keys.indexOf(keys[index] ?? "") === index)
      .toSorted((a, b) => rankOf(a) - rankOf(b));
    return { problems, building: this.#building, updated: this.#updated };
  }
}

/** Whoever tells of a problem has more to do, whatever becomes of showing it. */
function draw(view: StateView, state: PageState): void {
  try {
    view(state);
  } catch (error) {
    reportError(error);
  }
}

/** The same for the same problem, also when lines above it have moved it. */
export function keyOf({ error }: PageProblem): string {
  const { file, message, frame, line } = error;
  const [, marked] = /^>\s*\d+ \|(.*)$/m.exec(frame ?? "") ?? [];
  return [file, message, marked?.trim() ?? line].join("\n");
}

/** Whether a page is covered for it: code cannot be loaded. What fails while it runs only raises the pill. */
export function isLoud({ source, isEscaped }: PageProblem): boolean {
  return source !== "page" && isEscaped !== true;
}

/** What was written here comes first, what only failed while it ran later, and what others wrote last. */
function rankOf(problem: PageProblem): number {
  const isOfOthers = problem.error.file?.includes("node_modules/") === true;
  return (isOfOthers ? 4 : 0) + (isLoud(problem) ? 0 : 1) + (problem.source === "page" ? 1 : 0);
}
