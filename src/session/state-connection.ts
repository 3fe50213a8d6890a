import { messageOf } from "../protocol/message-of.ts";
import { connectState } from "../runtime/index.ts";

type Say = (message: string) => void;

const reports = new Set<Say>();
let disconnect: (() => void) | undefined;

/**
 * Let explicit state know about generations, and report what it cannot keep. There is one state per process: all
 * servers in it share the connection until the last of them lets go.
 */
export function shareStateConnection(report: Say): () => void {
  reports.add(report);
  disconnect ??= connectState(({ message, ...problem }) => {
    const text = "error" in problem ? `${message} ${messageOf(problem.error)}` : message;
    for (const each of reports) each(text);
  });
  return () => {
    reports.delete(report);
    if (reports.size > 0) return;
    disconnect?.();
    disconnect = undefined;
  };
}
