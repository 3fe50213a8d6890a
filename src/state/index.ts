export { type Cache, type CacheOptions, createCache } from "./cache.ts";
export { globalStateManager, type GlobalStateManager } from "./global-state-manager.ts";
export {
  createRateLimit,
  type RateLimit,
  type RateLimitOptions,
  type RateLimitResult,
} from "./rate-limit.ts";
export type { CacheKey, HistoryEntry, StateObject } from "./entries.ts";
export type {
  CheckedHandler,
  HandlerContext,
  HandlerRequest,
  HandlersByMethod,
  InferredHandler,
  RouteFunction,
  RouteFunctions,
} from "./handler-types.ts";
export { createSingleton, type SingletonOptions } from "./singleton.ts";
export type { SavedEntry, SavedRecord, SavedWindow, StateSnapshot } from "./saved-state.ts";
export {
  createStatefulHandler,
  type HandlerState,
  type StatefulHandler,
  type StatefulHandlerOptions,
} from "./stateful-handler.ts";
export { createStore, type Store, type StoreOptions } from "./store.ts";
