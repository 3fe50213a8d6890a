import path from "node:path";
import type { AffectedRoute, GraphWarning, Neighbour } from "../graph/index.ts";
import { type Foresight, foreseeEdit } from "../plan/foresee.ts";
import type { Action } from "./commands.ts";
import { explanationText } from "./graph-text.ts";
import { fileOfProject, type OpenedProject, warnAboutGraph, withProject } from "./opened-project.ts";
import { isSettingsName } from "./settings-name.ts";
import type { Terminal } from "./terminal.ts";

/** What is known of a file before it is edited. Files are relative to the project. */
export interface Explanation {
  readonly file: string;
  /** The route that the file itself serves. */
  readonly route?: string | undefined;
  /** Who imports it directly. */
  readonly importers: readonly Neighbour[];
  /** The routes that reach it, and how. */
  readonly routes: readonly AffectedRoute[];
  readonly edit: Foresight;
  /** Imports near it that cannot be read from the text. */
  readonly warnings: readonly GraphWarning[];
}

/** Show who imports a file, how each route reaches it, and what an edit of it would do. */
export async function runExplain(
  { dir, json, file }: Extract<Action, { kind: "explain" }>,
  terminal: Terminal,
): Promise<"done"> {
  return withProject(dir, (project) => {
    const explanation = explain(fileOfProject(file, project), project);
    if (json) {
      terminal.document(explanation);
      return "done";
    }
    terminal.print(explanationText(explanation));
    warnAboutGraph(project, terminal);
    for (const { message } of explanation.warnings) terminal.warn(message);
    return "done";
  });
}

function explain(file: string, { root, options, graph }: OpenedProject): Explanation {
  const name = path.relative(root, file).split(path.sep).join("/");
  const { routes, truncated, warnings } = graph.affected([file]);
  return {
    file: name,
    route: graph.routeOf(file),
    importers: graph.importersOf(file),
    routes,
    edit: foreseeEdit({
      file: name,
      kind: isSettingsName(name) ? "setting" : "code",
      routes: routes.map((route) => route.path),
      isCut: truncated,
      fullReloadThreshold: options.hmr.fullReloadThreshold,
    }),
    warnings: [
      ...warnings,
      ...graph.warnings.filter((warning) => warning.file === name && !warnings.includes(warning)),
    ],
  };
}
