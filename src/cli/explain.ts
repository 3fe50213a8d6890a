import { listOf } from "../report/lists.ts";
import { type AffectedRoutes, classifyReload } from "../report/classify-reload.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { isSettingsName } from "../settings/settings-files.ts";
import type { Action } from "./commands.ts";
import { explanationText } from "./graph-text.ts";
import type { Explanation } from "./graph-text.ts";
import {
  fileOfProject,
  gapsOf,
  nameInProject,
  type OpenedProject,
  warnAboutGraph,
  withProject,
} from "./opened-project.ts";
import type { Terminal } from "./terminal.ts";

/** Show who imports a file, how each route reaches it, and what an edit of it would do. */
export async function runExplain(
  { dir, json, file }: Extract<Action, { kind: "explain" }>,
  terminal: Terminal,
): Promise<"done"> {
  return withProject(dir, (project) => {
    const asked = fileOfProject(file, project);
    const explanation = explain(asked, project);
    if (json) terminal.document(explanation);
    else terminal.print(explanationText(explanation));
    warnAboutGraph(project, terminal, [asked]);
    for (const { message } of explanation.warnings) terminal.warn(message);
    return "done";
  });
}

function explain(file: string, project: OpenedProject): Explanation {
  const { options, graph } = project;
  const name = nameInProject(file, project);
  const { routes, truncated: isCut, warnings } = graph.affected([file]);
  const gaps = gapsOf(project, [file]);
  return {
    file: name,
    route: graph.routeOf(file),
    importers: graph.importersOf(file),
    routes,
    edit: isSettingsName(name)
      ? { strategy: "config", reason: `${name} is judged by what changes in it` }
      : describeEdit(name, { routes: routes.map((route) => route.path), isCut }, options),
    ...gaps,
    truncated: isCut || gaps.truncated,
    warnings: [
      ...warnings,
      ...graph.warnings.filter((warning) => warning.file === name && !warnings.includes(warning)),
    ],
  };
}

/** What an edit would do, in the words in which it will be told. */
function describeEdit(file: string, reach: AffectedRoutes, { hmr }: ResolvedOptions): Explanation["edit"] {
  const { strategy, reason, routes } = classifyReload({
    changes: [{ kind: "code", file }],
    reach,
    fullReloadThreshold: hmr.fullReloadThreshold,
  });
  return { strategy, reason: routes.length === 0 ? reason : `${reason} → ${listOf(routes)}` };
}
