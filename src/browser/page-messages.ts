import type { PageMessage } from "../protocol/page-events.ts";
import type { ErrorReport, ReloadReport, Report } from "../protocol/report.ts";

/** What a session knows of its routes. */
export interface RouteFacts {
  readonly fileOf: (route: string) => string | undefined;
  /** Whether a module, by its root-relative name, is part of what a route is built from. */
  readonly isPartOf: (module: string, route: string) => boolean;
  /** So many routes are told one by one. */
  readonly threshold: number;
}

/** What pages are told of a report. */
export function messagesOf(report: Report, facts: RouteFacts): readonly PageMessage[] {
  switch (report.event) {
    case "reload":
      return reloadMessages(report, facts);
    case "error":
      return [errorMessage(report)];
    case "recovered":
      return [{ name: "recovered", detail: { routes: report.routes } }];
    case "notice":
  }
  return [];
}

function reloadMessages(report: ReloadReport, facts: RouteFacts): readonly PageMessage[] {
  const { files, routes, ms, kept, reset, strategy } = report;
  if (strategy === "config") {
    const requiresRestart = report.requiresRestart === true;
    return files.map((filePath) => ({ name: "config-updated", detail: { filePath, requiresRestart } }));
  }
  const routeFiles = new Set(routes.map((route) => facts.fileOf(route)));
  const dependencies = routes.length === 0 ? [] : files.filter((file) => !routeFiles.has(file));
  return [
    ...dependencies.map((dependency): PageMessage => ({
      name: "dependency-updated",
      detail: { dependency, affectedRoutes: routes, ms },
    })),
    ...(routes.length > facts.threshold
      ? [
          {
            name: "route-updated",
            detail: { routePath: "*", filePath: "*", files, ms, kept, reset },
          } as const,
        ]
      : routes.map((route): PageMessage => {
          const isOfRoute = (name: string): boolean => {
            const [, module] = /^(.+):[^:]*$/.exec(name) ?? [];
            return module === undefined || facts.isPartOf(module, route);
          };
          return {
            name: "route-updated",
            detail: {
              routePath: route,
              filePath: facts.fileOf(route) ?? "",
              files,
              ms,
              kept: kept.filter(isOfRoute),
              reset: reset.filter(({ name }) => isOfRoute(name)),
            },
          };
        })),
  ];
}

function errorMessage({ message, file, line, column, frame, routes, retries }: ErrorReport): PageMessage {
  return {
    name: "reload-error",
    detail: { filePath: file, routes, error: { message, file, line, column, frame }, retries },
  };
}
