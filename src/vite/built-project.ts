import { mkdirSync } from "node:fs";
import path from "node:path";
import type { InlineConfig } from "vite";
import { planCommand } from "../build/build-plan.ts";
import type { BuildPlan } from "../build/build-plan.ts";
import { cacheFolders } from "../disk/cache-folder.ts";
import type { Session } from "../session/session.ts";
import type { BuildOptions } from "../settings/build-options.ts";

/** What was asked for of a build. */
export interface AskedBuild {
  readonly build: BuildOptions | undefined;
  /** A line for a shell: what was typed holds for one run, whatever the config says. */
  readonly command: string | undefined;
}

/** How a project is built, if it is. */
export function buildPlanOf(root: string, { build, command }: AskedBuild): BuildPlan | undefined {
  if (command === undefined) return build && planCommand(root, build);
  return planCommand(root, { ...build, command, args: undefined });
}

/** What a build has made is served as it is, and nothing else of the project. */
export function configOfOutput(
  root: string,
  output: string,
  server: NonNullable<InlineConfig["server"]>,
): InlineConfig {
  mkdirSync(output, { recursive: true });
  const [cache = root] = cacheFolders(root);
  return {
    root: output,
    // What is not there is not there: no page stands for it.
    appType: "mpa",
    publicDir: false,
    envDir: root,
    cacheDir: path.join(cache, "vite"),
    server: {
      ...server,
      fs: { allow: [output] },
      watch: { ...server.watch, ignored: [path.join(root, "**/target/**")] },
    },
  };
}

/** Build now, whatever has changed. */
export function buildNow(session: Session): void {
  if (session.builds === undefined) session.inform("Nothing is built here but by Vite.");
  else session.builds.buildNow();
}
