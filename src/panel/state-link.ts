import type { ServerLink } from "../client/page-hub.ts";
import type { StateAnswer, StateQuestion } from "../protocol/panel.ts";

/** Asks the server about a piece of explicit state. Who is cut off in between gets no answer, and may ask again. */
export type AskAboutState = (question: Omit<StateQuestion, "ask">) => Promise<StateAnswer>;

/** Ask over the socket of the page. */
export function askOver(link: ServerLink): AskAboutState {
  const asking = new Map<number, (answer: StateAnswer) => void>();
  let asked = 0;
  link.on("orbit:panel-state", (answer) => {
    asking.get(answer.ask)?.(answer);
    // Answers come in order: those before it were lost.
    for (const ask of asking.keys()) if (ask <= answer.ask) asking.delete(ask);
  });
  return async (question) =>
    new Promise((resolve) => {
      const ask = ++asked;
      asking.set(ask, resolve);
      link.send("orbit:panel-state", { ask, ...question });
    });
}
