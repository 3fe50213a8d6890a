export { apiRoutes } from "./plugin.ts";
export type { ApiRoutesOptions, DependencyTrackingOptions, HmrOptions } from "./options.ts";
export type { RouteStatus, StatusDocument } from "./status.ts";
