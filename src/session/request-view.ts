import { Arrivals } from "../reload/arrivals.ts";
import type { Readiness } from "../reload/ports.ts";
import type { Reloads } from "../reload/reloads.ts";
import type { RouteTable } from "../routes/index.ts";
import type { ModuleProblem } from "../runtime/index.ts";
import type { ServedRoutes } from "./served-routes.ts";

/** What requests that arrive together know of the disk. */
export interface RequestView {
  readonly table: RouteTable;
  /** The barrier in front of a route. */
  ready(entry: string): Readiness<ModuleProblem> | Promise<Readiness<ModuleProblem>>;
}

/** One view for all requests that arrive together. */
export function createRequestViews(
  routes: ServedRoutes,
  reloads: Reloads<ModuleProblem>,
): Arrivals<RequestView> {
  return new Arrivals<RequestView>(setImmediate, () => {
    const found = new Map<string, ReturnType<RequestView["ready"]>>();
    return {
      table: routes.table(),
      ready: (entry) => {
        const readiness = found.get(entry) ?? reloads.ready(entry);
        found.set(entry, readiness);
        return readiness;
      },
    };
  });
}
