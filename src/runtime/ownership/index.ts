export { outsideOwnership, Ownership } from "./ownership.ts";
export type { ListedResource, OwnershipInit } from "./ownership.ts";
export {
  isShuttingDown,
  listenToShutdown,
  runShutdownHandlers,
  shutdownHandlersDone,
} from "./shutdown-handlers.ts";
export type { ClosedResource, OwnedResource, ResourceKind } from "./resource.ts";
