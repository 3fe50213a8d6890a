export { createDevServer } from "./vite/dev-server.ts";
export type { DevServer, DevServerOptions } from "./vite/dev-server.ts";
export { defineConfig } from "./vite/orbiton-config.ts";
export type { OrbitonConfig, ServerOptions } from "./vite/orbiton-config.ts";
export { OrbitError } from "./protocol/orbit-error.ts";
export type { OrbitErrorCode } from "./protocol/orbit-error.ts";
export type {
  ClosedThings,
  ErrorReport,
  NoticeReport,
  RecoveredReport,
  ReloadReport,
  Report,
  ResetValue,
  Strategy,
} from "./plan/report.ts";
export type {
  FetchApp,
  RouteContext,
  RouteHandler,
  RouteModule,
  RouteParams,
  RouteRequest,
} from "./routes/index.ts";
export type { ApiRoutesOptions, DependencyTrackingOptions, HmrOptions } from "./vite/options.ts";
export type { RouteStatus, StatusDocument } from "./vite/status.ts";
