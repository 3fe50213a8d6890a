import type { Action } from "./commands.ts";
import { countsText } from "./graph-text.ts";
import { warnAboutGraph, withProject } from "./opened-project.ts";
import type { Terminal } from "./terminal.ts";

/** Show who imports whom. */
export async function runGraph(
  { dir, json, isDot }: Extract<Action, { kind: "graph" }>,
  terminal: Terminal,
): Promise<"done"> {
  return withProject(dir, (project) => {
    const { graph } = project;
    if (json) terminal.document({ ...graph.toJSON(), unresolved: graph.unresolved() });
    else terminal.print(isDot ? graph.toDot() : countsText(graph.counts));
    warnAboutGraph(project, terminal);
    for (const { message } of graph.warnings) terminal.warn(message);
    return "done";
  });
}
