import type { ProblemDetails } from "./problem-details.ts";
import type { RouteMatch } from "./route-table.ts";

/** The problem of a path that no handler can answer: 404, 400 for bad percent-encoding, 500 for a conflict. */
export function problemOfMatch(
  match: Exclude<RouteMatch, { readonly kind: "route" }>,
  pathname: string,
): ProblemDetails {
  switch (match.kind) {
    case "none":
      return {
        type: "about:blank",
        title: "Not Found",
        status: 404,
        detail: `No route answers ${pathname}.`,
      };
    case "bad-path":
      return {
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        detail: `Expected valid percent-encoding (UTF-8) in the path, got ${match.segment}.`,
      };
    case "conflict":
      return {
        type: "urn:orbit-hmr:route-conflict",
        title: "Several files claim this route",
        status: 500,
        detail: match.message,
        file: match.files[0],
      };
    default:
      return match satisfies never;
  }
}
