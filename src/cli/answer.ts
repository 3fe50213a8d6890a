import { runAffected } from "./affected.ts";
import type { Action } from "./commands.ts";
import { runExplain } from "./explain.ts";
import { runGraph } from "./graph.ts";
import { runRoutes } from "./routes.ts";
import { runSettle } from "./settle.ts";
import { runStatus } from "./status.ts";
import type { Terminal } from "./terminal.ts";

/** A command that is answered, and done. */
export type Question = Exclude<Action, { kind: "dev" }>;

/**
 * How a command ended: `failed` says that the answer is one that scripts have to stop at, `incomplete` that there may be
 * more than it says, `blocked` that the server cannot answer.
 */
export type Answered = "done" | "failed" | "incomplete" | "blocked";

/** Answer a question. */
export async function answer(question: Question, terminal: Terminal): Promise<Answered> {
  switch (question.kind) {
    case "settle":
      return runSettle(question, terminal);
    case "status":
      return runStatus(question, terminal);
    case "affected":
      return runAffected(question, terminal);
    case "graph":
      return runGraph(question, terminal);
    case "routes":
      return runRoutes(question, terminal);
    case "explain":
      return runExplain(question, terminal);
    default:
      return question satisfies never;
  }
}
