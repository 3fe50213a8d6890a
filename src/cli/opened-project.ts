import { statSync } from "node:fs";
import path from "node:path";
import { OrbitError } from "../protocol/orbit-error.ts";
import type { ProjectGraph } from "../vite/project-graph/index.ts";
import type { ResolvedOptions } from "../vite/options.ts";
import { projectFolder } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** A project whose imports are known. */
export interface OpenedProject {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly graph: ProjectGraph;
}

/**
 * Read the imports of a project, ask, and let go.
 *
 * @throws {OrbitError} `NOT_FOUND` without such a folder, `INVALID_CONFIG` and `INVALID_OPTION` for its config.
 */
export async function withProject<Answer>(
  dir: string,
  ask: (project: OpenedProject) => Answer | Promise<Answer>,
): Promise<Answer> {
  const root = projectFolder(dir);
  // Loaded late: without Vite they do not load, and that has to become a sentence.
  const { loadProjectOptions } = await import("../vite/project-options.ts");
  const { openProjectGraph } = await import("../vite/project-graph/index.ts");
  const { config, options } = await loadProjectOptions(root);
  const { apiDirs, apiPrefix: prefix, dependencyTracking: tracking } = options;
  const graph = openProjectGraph({ root, apiDirs, prefix, tracking, config });
  try {
    await graph.build();
    await graph.settled();
    return await ask({ root, options, graph });
  } finally {
    graph.close();
  }
}

/**
 * The absolute path of a file as it was typed: seen from the working directory, or from the project.
 *
 * @throws {OrbitError} `NOT_FOUND` for what is no file of the project, now or before it was deleted.
 */
export function fileOfProject(typed: string, dir: string, { root, graph }: OpenedProject): string {
  const candidates = [path.resolve(typed), path.resolve(dir, typed)];
  const file = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined);
  if (file === undefined) {
    // It may have been deleted just now, and then it matters to those who still import it.
    const missed = candidates.find((candidate) => graph.affected([candidate]).modules.length > 0);
    if (missed !== undefined) return missed;
    throw new OrbitError("NOT_FOUND", `There is no file ${typed}.`);
  }
  if (!statSync(file).isFile())
    throw new OrbitError("NOT_FOUND", `Expected a file, got the folder ${typed}.`);
  if (isInside(file, root) || graph.hasFile(file)) return file;
  throw new OrbitError("NOT_FOUND", `${typed} is not part of the project in ${root}.`);
}

/** Whether an absolute path lies in a folder. */
export function isInside(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

/** Say what the graph may have missed, or holds too much of. */
export function warnAboutGraph({ graph }: OpenedProject, terminal: Terminal): void {
  for (const limit of graph.limits) terminal.warn(limit);
  for (const file of graph.broken) terminal.warn(`${file} does not parse: what it imports is not known.`);
}
