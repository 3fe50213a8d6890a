import type { PageHub } from "../client/page-hub.ts";
import type { FilePlace } from "../protocol/page-wire.ts";
import type { GraphAnswer, PanelNews, StateAnswer, StateQuestion } from "../protocol/panel.ts";

/** What the panel hears of the server. */
export interface PanelEvents {
  readonly onNews: (news: PanelNews) => void;
  /** The server does not answer any more. */
  readonly onLost: () => void;
  /** Something that somebody has asked for cannot be had; an empty text where it can. */
  readonly onNotice: (sentence: string) => void;
}

/** What the panel asks of the server, over the socket of its page. Who is cut off in between gets no answer, and may ask again. */
export class PanelLink {
  readonly #hub: PageHub;
  readonly #questions = new Map<number, (answer: StateAnswer) => void>();
  readonly #graphs: ((answer: GraphAnswer) => void)[] = [];
  #asked = 0;

  constructor(hub: PageHub) {
    this.#hub = hub;
  }

  /** Be told what is new, as long as somebody sees the page. */
  listen({ onNews, onLost, onNotice }: PanelEvents): void {
    const look = (): void => this.#send(document.hidden ? "orbit:panel-close" : "orbit:panel-open", {});
    const listen = async (): Promise<void> => {
      const link = await this.#hub.reached;
      link.on("orbit:panel-data", onNews);
      link.on("orbit:editor", ({ problem = "" }) => onNotice(problem));
      link.on("orbit:panel-graph", (answer) => this.#graphs.splice(0).forEach((resolve) => resolve(answer)));
      link.on("orbit:panel-state", (answer) => {
        this.#questions.get(answer.ask)?.(answer);
        // Answers come in order: those before it were lost.
        for (const ask of this.#questions.keys()) if (ask <= answer.ask) this.#questions.delete(ask);
      });
      look();
    };
    void listen();
    this.#hub.on("connected", look);
    this.#hub.on("disconnected", onLost);
    document.addEventListener("visibilitychange", look);
  }

  /** Open a place of the project in the editor of the computer that the server runs on. */
  openPlace(place: FilePlace): void {
    this.#send("orbit:open-in-editor", place);
  }

  /** Read, write or reset a piece of explicit state. */
  async askAboutState(question: Omit<StateQuestion, "ask">): Promise<StateAnswer> {
    return new Promise((resolve) => {
      const ask = ++this.#asked;
      this.#questions.set(ask, resolve);
      this.#send("orbit:panel-state", { ask, ...question });
    });
  }

  async askForGraph(): Promise<GraphAnswer> {
    return new Promise((resolve) => {
      this.#graphs.push(resolve);
      this.#send("orbit:panel-graph", {});
    });
  }

  #send(...message: Parameters<Awaited<PageHub["reached"]>["send"]>): void {
    void this.#hub.reached.then((link) => link.send(...message));
  }
}
