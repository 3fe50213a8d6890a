import type { StateHost } from "./generation.ts";
import { globalStateManager, type GlobalStateManager } from "./global-state-manager.ts";
import { registry } from "./registry.ts";

export type { GenerationScope, StateHost, StateProblem } from "./generation.ts";

/**
 * Connects explicit state with whoever replaces code, and makes `globalStateManager` a global. Development only.
 * @returns Puts back what was there before, unless somebody else has taken over since.
 */
export function setStateHost(host: StateHost | undefined): () => void {
  const store = registry();
  const previous = store.host;
  const takeBackGlobal = host === undefined ? () => undefined : setGlobal();
  store.host = host;
  return () => {
    takeBackGlobal();
    if (store.host === host) store.host = previous;
  };
}

function setGlobal(): () => void {
  const scope: typeof globalThis & { globalStateManager?: GlobalStateManager } = globalThis;
  const before = Object.getOwnPropertyDescriptor(scope, "globalStateManager");
  scope.globalStateManager = globalStateManager;
  return () => {
    if (scope.globalStateManager !== globalStateManager) return;
    if (before === undefined) delete scope.globalStateManager;
    else Object.defineProperty(scope, "globalStateManager", before);
  };
}
