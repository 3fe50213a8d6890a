import { listOf } from "./lists.ts";
import type { Strategy } from "./report.ts";

/** What is known of an edit before it is made. Names are relative to the root. */
export interface ForeseenEdit {
  readonly file: string;
  /** What `file` is: code and what code reads; settings that code is transformed, resolved or run by. */
  readonly kind: "code" | "setting";
  /** The routes that reach the file, as the graph knows them. */
  readonly routes: readonly string[];
  /** The search for them was cut: more may reach it. */
  readonly isCut: boolean;
  /** More affected routes than this, and the reload counts as full. */
  readonly fullReloadThreshold: number;
}

/** How far an edit would reach, and why. */
export interface Foresight {
  readonly strategy: Strategy;
  /** One sentence. */
  readonly reason: string;
}

/** Say what an edit of a file would do. What has run can only make it less: importers that need not run are spared. */
export function foreseeEdit({ file, kind, routes, isCut, fullReloadThreshold }: ForeseenEdit): Foresight {
  if (kind === "setting")
    return { strategy: "config", reason: `${file} is read anew; what changed in it decides who runs again` };
  if (isCut)
    return {
      strategy: "full",
      reason: `imports were followed to maxDepth only, so every route may use ${file}`,
    };
  const [only, ...others] = routes;
  if (only === undefined) return { strategy: "none", reason: `no route uses ${file}` };
  if (others.length === 0) return { strategy: "single", reason: `only ${only} uses ${file}` };
  if (routes.length > fullReloadThreshold)
    return {
      strategy: "full",
      reason: `${routes.length} routes use ${file}, more than fullReloadThreshold (${fullReloadThreshold})`,
    };
  return {
    strategy: "selective",
    reason: `${listOf(routes)} use ${file}, which runs again once for all of them`,
  };
}
