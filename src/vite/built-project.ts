import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { InlineConfig } from "vite";
import { outputThere, planCargo, planCommand } from "../build/build-plan.ts";
import type { BuildPlan } from "../build/build-plan.ts";
import { toolchainProblem } from "../build/toolchain.ts";
import { cacheFolders } from "../disk/cache-folder.ts";
import { OrbitError } from "../protocol/orbit-error.ts";
import type { BuildWishes } from "../protocol/server-messages.ts";
import type { Session } from "../session/session.ts";
import type { BuildOptions } from "../settings/build-options.ts";

/**
 * How a project is built, if it is: by its command, or by cargo where there is a manifest.
 *
 * @throws {OrbitError} `NO_TOOLCHAIN`, with what is installed and what to do
 */
export async function buildPlanOf(
  root: string,
  options: BuildOptions | undefined,
  wishes: BuildWishes,
): Promise<BuildPlan | undefined> {
  // What was typed holds for one run, whatever the config says.
  const { command = options?.command } = wishes;
  if (wishes.command !== undefined) return planCommand(root, { ...options, command, args: undefined });
  if (command !== undefined && command !== "cargo") return planCommand(root, { ...options, command });
  const folder = path.resolve(root, options?.cwd ?? ".");
  if (command === "cargo" || existsSync(path.join(folder, "Cargo.toml")))
    return cargoPlanOf(root, options ?? {}, wishes);
  if (options !== undefined) throw nothingToBuild("Options of a build are", folder);
  if (wishes.toolchain !== undefined) throw nothingToBuild("A toolchain is", folder);
  return undefined;
}

function nothingToBuild(given: string, folder: string): OrbitError {
  const message = `${given} given, but no build.command, and there is no Cargo.toml in ${folder}.`;
  return new OrbitError("INVALID_CONFIG", message);
}

async function cargoPlanOf(
  root: string,
  options: BuildOptions,
  { toolchain, release, keepServing = false }: BuildWishes,
): Promise<BuildPlan> {
  const problem = toolchain === undefined ? undefined : await toolchainProblem(toolchain);
  if (problem !== undefined && !keepServing) throw new OrbitError("NO_TOOLCHAIN", problem);
  return planCargo(root, options, { toolchain, release });
}

/**
 * What the server of a project that is built has of its own. What a build has made is served as it is, and nothing else of the
 * project; where there is no folder for that, but a page beside the sources, the sources are kept back.
 */
export function configOfBuilt(
  root: string,
  output: string,
  server: NonNullable<InlineConfig["server"]>,
): InlineConfig {
  const watch = { ...server.watch, ignored: [path.join(root, "**/target/**")] };
  if (!existsSync(output) && outputThere(root) === undefined && existsSync(path.join(root, "index.html")))
    return { server: { ...server, watch, fs: { deny: [...DENIED_BY_VITE, ...SOURCES] } } };
  mkdirSync(output, { recursive: true });
  const [cache = root] = cacheFolders(root);
  return {
    root: output,
    // What is not there is not there: no page stands for it.
    appType: "mpa",
    publicDir: false,
    envDir: root,
    cacheDir: path.join(cache, "vite"),
    server: { ...server, fs: { allow: [output] }, watch },
  };
}

/** A list of one's own takes the place of Vite's. */
const DENIED_BY_VITE = [".env", ".env.*", "*.{crt,pem}", "**/.git/**"];
const SOURCES = ["*.rs", "Cargo.{toml,lock}", "**/target/**"];

/** Build now, whatever has changed. */
export function buildNow(session: Session): void {
  if (session.builds === undefined) session.inform("Nothing is built here but by Vite.");
  else session.builds.buildNow();
}
