export { createDevServer } from "./vite/create-dev-server.ts";
export type { DevServer, DevServerOptions } from "./vite/dev-server.ts";
export { defineConfig } from "./vite/define-config.ts";
export type { OrbitonConfig } from "./vite/define-config.ts";
export { OrbitError } from "./protocol/orbit-error.ts";
export type { OrbitErrorCode } from "./protocol/orbit-error.ts";
export type { BuildReport, BuildState, BuildStatus, ChangedModule, Diagnostic } from "./protocol/build.ts";
export type {
  ClosedThings,
  ErrorReport,
  NoticeReport,
  RecoveredReport,
  ReloadReport,
  Report,
  ResetValue,
  Strategy,
} from "./protocol/report.ts";
export type {
  AppBindings,
  FetchApp,
  NodeApp,
  ParamsOf,
  RouteContext,
  RouteHandler,
  RouteModule,
  RouteParams,
  RouteRequest,
} from "./routes/index.ts";
export type { ApiRoutesOptions, DependencyTrackingOptions, HmrOptions } from "./settings/options.ts";
export type { BuildOptions } from "./settings/build-options.ts";
export type { BuildWishes, ServerOptions } from "./protocol/server-messages.ts";
export type { RouteStatus, StatusDocument } from "./protocol/status.ts";
