import type { PanelError, SessionParts } from "../protocol/panel.ts";
import type { LoggedError } from "../protocol/status.ts";
import type { Session } from "./session.ts";
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

/** What is broken with its place and what leads there, then what holds for no route or escaped from running code. */
function panelErrorsOf(session: Session, all: readonly LoggedError[]): PanelError[] {
  const { log, names, impact } = session;
  const chainTo = (file: string): readonly string[] | undefined =>
    impact.graph?.affected([file]).routes[0]?.chain.toReversed();
  const broken = new Map<string, PanelError>();
  for (const { problem, route, at } of log.view.problems.broken.values()) {
    const { file, line, column, frame } = problem;
    const message = names.withoutRoot(problem.message);
    const key = textOf({ file, message });
    const known = broken.get(key)?.routes ?? [];
    const routes = new Set([...known, ...problem.routes, ...(route === undefined ? [] : [route])]);
    const place = { file, line, column, frame, chain: chainTo(file) };
    broken.set(key, { ...place, message, at, routes: [...routes].toSorted() });
  }
  const others = all.filter((error) => !broken.has(textOf(error)));
  return [
    ...broken.values(),
    ...others
      .toSorted((a, b) => b.at - a.at)
      .map(({ route, file, message, at }) => ({
        file,
        message,
        at,
        routes: route === undefined ? [] : [route],
      })),
  ];
}

function textOf({ file, message }: { readonly file: string; readonly message: string }): string {
  return `${file}: ${message}`;
}
