import { readFileSync } from "node:fs";
import { withoutLabel } from "../protocol/orbit-error.ts";
import { exportedNames } from "../project/exported-names.ts";
import { RouteFiles } from "../project/route-files.ts";
import type { Action } from "./commands.ts";
import { requireProject } from "./opened-project.ts";
import { projectFolder } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";
import { columns, onOneLine } from "./words.ts";

interface ListedRoute {
  readonly path: string;
  readonly file: string;
  /** `*` for a default export, `...` for names that another file exports; `null` where the text does not say. */
  readonly methods: readonly string[] | null;
}

/** List the routes of a project, as its files have them. */
export async function runRoutes(
  { dir, json }: Extract<Action, { kind: "routes" }>,
  terminal: Terminal,
): Promise<"done"> {
  const root = projectFolder(dir);
  // Loaded late: without Vite they do not load, and that has to become a sentence.
  const { loadProjectOptions } = await import("../vite/project-options.ts");
  const { config, options } = await loadProjectOptions(root);
  const { apiDirs, apiPrefix: prefix } = options;
  requireProject(root, apiDirs, config.configFile);
  const files = new RouteFiles({ root, apiDirs, prefix });
  const table = files.table();
  const routes = table.routes.map(({ path, file }) => ({
    path,
    file,
    methods: methodsIn(files.fileOf({ file })),
  }));
  const problems = table.problems.map((problem) => ({
    file: problem.kind === "conflict" ? (problem.files[0] ?? "") : problem.file,
    message: withoutLabel(problem.message),
  }));
  if (json) terminal.document({ routes, problems });
  else terminal.print(routesText(routes, files.apiDir === undefined ? apiDirs : []));
  for (const { message } of problems) terminal.warn(message);
  return "done";
}

function methodsIn(file: string): ListedRoute["methods"] {
  const names = exportedNames(file, readFileSync(file, "utf8"));
  if (names === undefined) return null;
  const methods = names.flatMap((name) =>
    name === "default" ? "*" : /^[A-Z]+(?:-[A-Z]+)*$/.test(name) ? name : [],
  );
  const all = names.includes("*") ? [...methods, "..."] : methods;
  return all.length === 0 ? null : all;
}

function routesText(routes: readonly ListedRoute[], missing: readonly string[]): string {
  if (missing.length > 0) return `no routes: there is no ${missing.join(" or ")}\n`;
  if (routes.length === 0) return "no routes\n";
  const rows = routes.map(({ path, file, methods }) => [
    onOneLine(path),
    methods?.map((method) => (method === "*" ? "any" : method)).join(", ") ?? "?",
    onOneLine(file),
  ]);
  return `${columns(rows).join("\n")}\n`;
}
