import { OrbitError } from "../protocol/orbit-error.ts";
import { countOf, listOf } from "../report/lists.ts";
import { isSettingsName } from "../settings/settings-files.ts";
import type { Affected } from "../graph/index.ts";
import type { Action } from "./commands.ts";
import { changedSince } from "./git-changes.ts";
import { routesText } from "./graph-text.ts";
import type { OpenedProject } from "./opened-project.ts";
import {
  fileOfProject,
  gapsOf,
  isPartOf,
  nameInProject,
  warnAboutGraph,
  withProject,
} from "./opened-project.ts";
import { projectFolder } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** Show the routes that a change of files reaches. */
export async function runAffected(
  { dir, json, changed }: Extract<Action, { kind: "affected" }>,
  terminal: Terminal,
): Promise<"done" | "incomplete"> {
  // Before the project is read: a commit that is not there is said at once.
  const since = changed.by === "git" ? await changedSince(changed.since, projectFolder(dir)) : [];
  return withProject(dir, (project) => {
    const files =
      changed.by === "git"
        ? since.filter((file) => isPartOf(file, project))
        : changed.files.map((file) => fileOfProject(file, project));
    requireRoutes(project);
    const { routes, modules, truncated: isCut, warnings } = project.graph.affected(files);
    const gaps = gapsOf(project, files);
    const truncated = isCut || gaps.truncated;
    if (json) terminal.document({ routes, modules, ...gaps, truncated });
    else terminal.print(affectedText(routes, files.length));
    warnAboutGraph(project, terminal, files);
    for (const { message } of warnings) terminal.warn(message);
    for (const file of files) warnAboutSetting(nameInProject(file, project), terminal);
    if (isCut) terminal.warn("Imports were followed to maxDepth only: more routes may be affected.");
    return truncated ? "incomplete" : "done";
  });
}

/** Where there is no route, nothing can be affected: that is no answer, and somebody may take it for one. */
function requireRoutes({ root, graph }: OpenedProject): void {
  if (graph.counts.routes > 0) return;
  const folders = foldersWithRoutes(graph.toJSON().nodes.map(({ id }) => id));
  const advice =
    folders.length === 0
      ? "Name the project's folder with --dir."
      : `Name one that has with --dir: ${listOf(folders)}.`;
  throw new OrbitError(
    "NO_ROUTES",
    `There are no API routes in ${root}, so nothing can be affected. ${advice}`,
  );
}

function foldersWithRoutes(files: readonly string[]): readonly string[] {
  const folders = files.flatMap((file) => /^(.+?)\/(?:src\/)?pages\/api\//.exec(file)?.[1] ?? []);
  return [...new Set(folders)].filter((folder) => !folder.includes("node_modules")).toSorted();
}

function affectedText(routes: Affected["routes"], changedCount: number): string {
  if (routes.length === 0) return `no route is affected by ${countOf(changedCount, "changed file")}\n`;
  return `${routesText(routes).join("\n")}\n`;
}

function warnAboutSetting(file: string, terminal: Terminal): void {
  if (isSettingsName(file))
    terminal.warn(`${file} changed: a setting can affect every route, and no import shows it.`);
}
