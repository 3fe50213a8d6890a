import type { ProblemDetails } from "../routes/index.ts";
import { problemOfMatch } from "../routes/index.ts";
import { nearestName } from "../settings/nearest-name.ts";
import type { Session } from "./session.ts";

/** The problem of a path that nobody has answered, with the path that was probably meant. */
export function unmatchedProblem(session: Session, pathname: string): ProblemDetails {
  const problem = problemOfMatch({ kind: "none" }, pathname);
  const paths = session.routes.table().routes.map(({ path }) => path);
  const meant = nearestPath(pathname, paths);
  const advice =
    session.apiDir === undefined
      ? ` There is no ${session.options.apiDirs.join(" or ")}.`
      : meant === undefined
        ? ""
        : ` Did you mean ${meant}?`;
  return { ...problem, detail: problem.detail + advice };
}

/** The pathname with the names that were probably meant, for the route that needs the fewest others. */
export function nearestPath(pathname: string, patterns: readonly string[]): string | undefined {
  const asked = pathname.replace(/\/$/, "").split("/");
  const candidates = patterns.flatMap((pattern) => {
    const segments = withNearNames(asked, pattern.split("/"));
    if (segments === undefined) return [];
    const changes = segments.filter((segment, index) => segment !== asked[index]).length;
    return changes === 0 ? [] : { path: segments.join("/"), changes };
  });
  return candidates.toSorted((a, b) => a.changes - b.changes)[0]?.path;
}

function withNearNames(asked: readonly string[], pattern: readonly string[]): readonly string[] | undefined {
  const catchAll = pattern.findIndex((segment) => /^:.*[+*]$/.test(segment));
  const fixed = catchAll === -1 ? pattern.length : catchAll;
  if (catchAll === -1 ? asked.length !== fixed : asked.length <= fixed) return undefined;
  const segments: string[] = [];
  for (const [index, segment] of asked.entries()) {
    const expected = index < fixed ? pattern[index] : undefined;
    const isFree = expected === undefined || expected === segment || expected.startsWith(":");
    const meant = isFree ? segment : nearestName(segment, [expected]);
    if (meant === undefined) return undefined;
    segments.push(meant);
  }
  return segments;
}
