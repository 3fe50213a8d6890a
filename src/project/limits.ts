import type { ProjectGraphOptions } from "./graph-options.ts";
import type { ProjectModel } from "./project-model.ts";

/** Files with imports of their own that no JavaScript parser reads. */
const TEMPLATES = /\.(?:vue|svelte|astro|mdx)$/;

/** What a graph may miss, in sentences. */
export function limitsOf(
  { enableASTAnalysis }: ProjectGraphOptions["tracking"],
  model: ProjectModel | undefined,
): readonly string[] {
  const limits: string[] = [];
  if (!enableASTAnalysis) {
    limits.push(
      "`enableASTAnalysis` is off: `require()`, `import.meta.glob()`, `new URL(…, import.meta.url)` and `import()` of " +
        "names in conditions and sums are not followed.",
    );
  }
  for (const folder of model?.files.cut ?? []) {
    limits.push(
      `${model?.names.of(folder)} is too large to be listed: a pattern that means files in it knows some of them.`,
    );
  }
  const { questions } = model ?? {};
  // What only pages import is the browser's.
  const templates = (questions?.document().nodes ?? []).flatMap(({ id }) => {
    const ending = TEMPLATES.exec(id)?.[0];
    return ending !== undefined && (questions?.affected([id]).routes.length ?? 0) > 0 ? [ending] : [];
  });
  if (templates.length > 0) {
    limits.push(`Imports inside of ${[...new Set(templates)].toSorted().join(", ")} files are not followed.`);
  }
  return limits;
}
