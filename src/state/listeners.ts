import { currentScope, phaseOf } from "./phase.ts";
import type { StateListener, StateObject } from "./entries.ts";
import { report } from "./report.ts";

interface Listened {
  readonly listeners: Set<StateListener>;
}

/**
 * Calls `listener` after each change. A subscription made while a module is evaluated belongs to that generation: it
 * begins when the generation becomes live and ends with it. One made later lasts until it is taken back.
 * @returns Takes the subscription back.
 */
export function subscribe(entry: Listened, listener: StateListener): () => void {
  // One function may subscribe twice; each subscription ends by itself.
  const own: StateListener = (next, previous) => listener(next, previous);
  let isWanted = true;
  const begin = (): void => {
    if (isWanted) entry.listeners.add(own);
  };
  const end = (): void => {
    isWanted = false;
    entry.listeners.delete(own);
  };
  const scope = currentScope();
  if (scope === undefined) {
    begin();
    return end;
  }
  switch (phaseOf(scope)) {
    case "pending":
      scope.onLive(begin);
      scope.onDispose(end);
      break;
    case "live":
      begin();
      scope.onDispose(end);
      break;
    case "replaced":
    case "abandoned":
      // The generation is gone; so is everything that belongs to it.
      break;
  }
  return end;
}

/** Calls everybody who is subscribed now. One that throws is reported, and the others are called all the same. */
export function notify(entry: Listened, next: StateObject, previous: StateObject): void {
  // A copy: whoever subscribes during the round is called from the next change on.
  const listeners = Array.from(entry.listeners);
  for (const listener of listeners) {
    try {
      listener(next, previous);
    } catch (error) {
      report({ message: "[orbit] A subscriber to a state change threw.", error });
    }
  }
}
