import { countOf } from "../report/lists.ts";
import { isSettingsName } from "../settings/settings-files.ts";
import type { Affected } from "../graph/index.ts";
import type { Action } from "./commands.ts";
import { changedSince } from "./git-changes.ts";
import { routesText } from "./graph-text.ts";
import { fileOfProject, isPartOf, nameInProject, warnAboutGraph, withProject } from "./opened-project.ts";
import { projectFolder } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** Show the routes that a change of files reaches. */
export async function runAffected(
  { dir, json, changed }: Extract<Action, { kind: "affected" }>,
  terminal: Terminal,
): Promise<"done"> {
  // Before the project is read: a commit that is not there is said at once.
  const since = changed.by === "git" ? await changedSince(changed.since, projectFolder(dir)) : [];
  return withProject(dir, (project) => {
    const files =
      changed.by === "git"
        ? since.filter((file) => isPartOf(file, project))
        : changed.files.map((file) => fileOfProject(file, project));
    const { routes, modules, truncated, warnings } = project.graph.affected(files);
    if (json) terminal.document({ routes, modules, truncated });
    else terminal.print(affectedText(routes, files.length));
    warnAboutGraph(project, terminal);
    for (const { message } of warnings) terminal.warn(message);
    for (const file of files) warnAboutSetting(nameInProject(file, project), terminal);
    if (truncated) terminal.warn("Imports were followed to maxDepth only: more routes may be affected.");
    return "done";
  });
}

function affectedText(routes: Affected["routes"], changedCount: number): string {
  if (routes.length === 0) return `no route is affected by ${countOf(changedCount, "changed file")}\n`;
  return `${routesText(routes).join("\n")}\n`;
}

function warnAboutSetting(file: string, terminal: Terminal): void {
  if (isSettingsName(file))
    terminal.warn(`${file} changed: a setting can affect every route, and no import shows it.`);
}
