export { currentContext, runOutside } from "./model/context.ts";
export type { OpenRequest } from "./update/requests.ts";
export { isSameProblem, ModuleProblem } from "./model/problems.ts";
export { problemBehind } from "./model/given-errors.ts";
export { Runtime } from "./runtime.ts";
export type { Commit } from "./update/commit.ts";
export type { RuntimeOptions } from "./runtime.ts";
export type { Outcome } from "./update/step.ts";
export type {
  FetchedModule,
  FetchRequest,
  FileRead,
  RequiredModule,
  RuntimeHost,
  RuntimeNotice,
} from "./host.ts";
export type { ModuleRecord } from "./model/module-record.ts";
export type { RunReason } from "./model/run-reason.ts";
export type { Propagation } from "./update/propagation.ts";
export { fileOfScript, firstProjectFrame, mapStackText, mapStackTraces } from "./link/stack-traces.ts";
export { cellsOf } from "./effects/cells.ts";
export type { EarlierValue } from "./effects/cells.ts";
export {
  isShuttingDown,
  listenToShutdown,
  runShutdownHandlers,
  shutdownHandlersDone,
} from "./ownership/index.ts";
export type { ListedResource } from "./ownership/index.ts";
export { connectState } from "./effects/state-host.ts";
