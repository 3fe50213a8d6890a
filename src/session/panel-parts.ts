import type { PanelError, SessionParts } from "../protocol/panel.ts";
import type { LoggedError } from "../protocol/status.ts";
import type { Session } from "./session.ts";
import { standingErrors } from "./standing-errors.ts";
import { describeSession } from "./status.ts";

/** What the live panel shows of a session. */
export function panelPartsOf(session: Session): SessionParts {
  const { version, hmr, dependencies, build, clients, routes, cache, state, resources, errors } =
    describeSession(session);
  return {
    overview: {
      version,
      hmr,
      dependencies,
      build,
      clients,
      hasGraph: session.impact.graph !== undefined,
    },
    routes,
    cache,
    state,
    resources,
    errors: panelErrorsOf(session, errors),
  };
}

/** What is broken now, with its place and what leads there; then what has happened in pages, or else before. */
function panelErrorsOf(session: Session, logged: readonly LoggedError[]): PanelError[] {
  const loggedAt = new Map(logged.map((error) => [textOf(error), error.at]));
  const standing = standingErrors(session).map(({ error, routes, chain, isEscaped }): PanelError => {
    const { message, file = "", line, column, frame } = error;
    const at = loggedAt.get(textOf({ file, message })) ?? 0;
    return { file, message, at, line, column, frame, routes, chain, isEscaped };
  });
  const texts = new Set(standing.map(textOf));
  const others = logged.filter((error) => !texts.has(textOf(error))).toSorted((a, b) => b.at - a.at);
  return [
    ...standing,
    ...others.map(({ route, url, file, message, at }): PanelError => {
      return { file, message, at, url, routes: route === undefined ? [] : [route], isEscaped: true };
    }),
  ];
}

function textOf({ file, message }: { readonly file: string; readonly message: string }): string {
  return `${file}: ${message}`;
}
