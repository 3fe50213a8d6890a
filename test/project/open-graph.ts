import { onTestFinished } from "vitest";
import { resolveConfig } from "vite";
import type { InlineConfig, ResolvedConfig } from "vite";
import { openProjectGraph } from "../../src/project/index.ts";
import type { ProjectGraph, ProjectGraphOptions } from "../../src/project/index.ts";
import { bundlerSettings } from "../../src/vite/bundler-settings.ts";
import { createProject } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";

export interface OpenedProject extends Project {
  readonly graph: ProjectGraph;
  /** Edges as `from -> to`, with the kind where it is not `static`. */
  readonly edges: () => readonly string[];
  /** The edges of one file: `to`, with the kind where it is not `static`. */
  readonly from: (file: string) => readonly string[];
}

export type Tracking = Partial<ProjectGraphOptions["tracking"]>;

export interface Opening {
  readonly tracking?: Tracking;
  /** Vite's config, if there is to be one. */
  readonly vite?: InlineConfig;
  readonly resolveId?: NonNullable<ProjectGraphOptions["resolveId"]>;
  /** Links, as target by link. */
  readonly links?: Readonly<Record<string, string>>;
  /** The test reads the project itself. */
  readonly isUnread?: boolean;
}

/** The graph of a folder; closed when the test is finished. */
export async function openGraph(root: string, opening: Opening = {}): Promise<ProjectGraph> {
  const graph = openProjectGraph({
    root,
    apiDirs: ["pages/api"],
    prefix: "/api",
    tracking: { enableASTAnalysis: true, trackNodeModules: false, maxDepth: Infinity, ...opening.tracking },
    bundler: bundlerSettings(await configOf(root, opening.vite)),
    resolveId: opening.resolveId,
  });
  onTestFinished(() => graph.close());
  if (opening.isUnread !== true) await graph.build();
  return graph;
}

/** Lay out a project and read it. */
export async function openProject(
  files: Readonly<Record<string, string>>,
  opening: Opening = {},
): Promise<OpenedProject> {
  const project = createProject(files);
  for (const [link, target] of Object.entries(opening.links ?? {})) project.link(target, link);
  const graph = await openGraph(project.root, opening);
  return {
    ...project,
    graph,
    edges: () =>
      graph
        .toJSON()
        .edges.map(({ from, to, kind }) => `${from} -> ${to}${kind === "static" ? "" : ` ${kind}`}`),
    from: (file) =>
      graph.dependenciesOf(file).map(({ file: to, kind }) => (kind === "static" ? to : `${to} ${kind}`)),
  };
}

async function configOf(root: string, config: InlineConfig = {}): Promise<ResolvedConfig> {
  return resolveConfig({ root, configFile: false, logLevel: "silent", ...config }, "serve");
}
