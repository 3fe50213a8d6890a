import { constants } from "node:os";
import type { ViteDevServer } from "vite";
import type { EndingSignal } from "../protocol/ending-signal.ts";
import { listenToShutdown } from "../runtime/index.ts";

/** A little longer than answers, handlers and dispose handlers may take. */
const CLOSE_DEADLINE_MS = 7_000;

const servers = new Set<ViteDevServer>();
let unlisten: (() => void) | undefined;
let isEnding = false;

/**
 * End the process when a signal asks for it. Without handlers of project code Node does that by itself, at once. With
 * them Node leaves it to the handlers, which cannot know of the server: so it closes, which waits for them, and then
 * the process ends. The second time it ends at once, whatever is still going on. Somebody else who listens decides.
 * Returns the undo.
 */
export function endOnSignals(server: ViteDevServer): () => void {
  servers.add(server);
  unlisten ??= listenToShutdown(({ signal, hasOthers, isRepeated }) => {
    if (hasOthers) return;
    if (isRepeated || isEnding) exitBy(signal);
    isEnding = true;
    void closeAndExit(signal);
  });
  return () => {
    servers.delete(server);
    if (servers.size > 0) return;
    unlisten?.();
    unlisten = undefined;
  };
}

async function closeAndExit(signal: EndingSignal): Promise<void> {
  setTimeout(exitBy, CLOSE_DEADLINE_MS, signal);
  await Promise.allSettled([...servers].map(async (server) => server.close()));
  exitBy(signal);
}

function exitBy(signal: EndingSignal): never {
  // What a shell expects of a program that a signal ended, unless a handler has said more.
  process.exitCode ??= 128 + constants.signals[signal];
  return process.exit();
}
