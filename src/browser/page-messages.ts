import type { PageMessage } from "../protocol/page-events.ts";
import type { ErrorReport, ReloadReport, Report } from "../protocol/report.ts";

/** What a session knows of its routes. */
export interface RouteFacts {
  readonly fileOf: (route: string) => string | undefined;
  /** Whether a module, by its root-relative name, is part of what a route is built from. */
  readonly isPartOf: (module: string, route: string) => boolean;
  /** Whether browsers use a file, by its name. */
  readonly isBrowserFile: (file: string) => boolean;
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
    case "build":
    case "notice":
  }
  return [];
}

function reloadMessages(report: ReloadReport, facts: RouteFacts): readonly PageMessage[] {
  const { files, routes, ms } = report;
  const routeFiles = new Set(routes.map((route) => facts.fileOf(route)));
  const messages: PageMessage[] = [];
  for (const file of files) {
    if (ENV_FILE.test(file)) {
      messages.push({ name: "env-updated", detail: { filePath: file, keys: report.keys ?? [] } });
    } else if (report.strategy === "config" && !report.ran.includes(file)) {
      const requiresRestart = report.requiresRestart === true;
      messages.push({ name: "config-updated", detail: { filePath: file, requiresRestart } });
    } else if (routes.length > 0 && !routeFiles.has(file)) {
      const built = routes.filter((route) => facts.isPartOf(file, route));
      if (built.length === 0 && facts.isBrowserFile(file)) continue;
      const affectedRoutes = built.length === 0 ? routes : built;
      messages.push({ name: "dependency-updated", detail: { dependency: file, affectedRoutes, ms } });
    }
  }
  return [...messages, ...routeMessages(report, facts)];
}

/** One for each route that may answer otherwise, or one for all of them where they are many. */
function routeMessages(
  { files, routes, ms, kept, reset }: ReloadReport,
  { fileOf, isPartOf, threshold }: RouteFacts,
): readonly PageMessage[] {
  if (routes.length > threshold)
    return [{ name: "route-updated", detail: { routePath: "*", filePath: "*", files, ms, kept, reset } }];
  return routes.map((route) => {
    const isOfRoute = (name: string): boolean => {
      const [, module] = /^(.+):[^:]*$/.exec(name) ?? [];
      return module === undefined || isPartOf(module, route);
    };
    return {
      name: "route-updated",
      detail: {
        routePath: route,
        filePath: fileOf(route) ?? "",
        files,
        ms,
        kept: kept.filter(isOfRoute),
        reset: reset.filter(({ name }) => isOfRoute(name)),
      },
    };
  });
}

/** `.env`, `.env.local`, `.env.development`, wherever the config has them. */
const ENV_FILE = /(?:^|\/)\.env(?:\.[^/]+)?$/;

function errorMessage({ message, file, line, column, frame, routes, retries }: ErrorReport): PageMessage {
  return {
    name: "reload-error",
    detail: { filePath: file, routes, error: { message, file, line, column, frame }, retries },
  };
}
