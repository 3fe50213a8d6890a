export { apiRoutes } from "./plugin.ts";
export type { ApiRoutesOptions, DependencyTrackingOptions, HmrOptions } from "../settings/options.ts";
export type { RouteStatus, StatusDocument } from "../protocol/status.ts";
