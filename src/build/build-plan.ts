import path from "node:path";
import { isFolder } from "../disk/file-kind.ts";
import { slashed } from "../disk/file-names.ts";
import { compileGlob } from "../graph/glob-matcher.ts";
import type { BuildOptions } from "../settings/build-options.ts";
import type { BuildTool } from "./build-tool.ts";
import { commandTool } from "./command.ts";

/** What builds a project, from what, and where to. Paths are absolute. */
export interface BuildPlan {
  readonly tool: BuildTool;
  /** Files and folders that it is built from. */
  readonly inputs: readonly string[];
  /** Whether a file or folder below them is none of them. */
  readonly isIgnored: (file: string) => boolean;
  /** The folder that it writes. */
  readonly output: string;
}

/** Where builds put what they make, as people call it. */
const OUTPUTS = ["dist", "site", "public"];
/** What no build is made from: packages, what other programs make, and what begins with a dot. */
const NEVER = /^(?:node_modules|target|\..+)$/;

/** The plan of a build by a command. */
export function planCommand(
  root: string,
  { command, args, cwd, watch, ignore = [], output, env, diagnostics }: BuildOptions,
): BuildPlan {
  const folder = outputOf(root, output);
  const tool = commandTool(
    { command, args, cwd: path.resolve(root, cwd ?? "."), env: { ...process.env, ...env }, diagnostics },
    root,
  );
  const inputs = (watch ?? ["."]).map((place) => path.resolve(root, place));
  const matches = matcherOf(root, ignore);
  const isOther = watch === undefined ? isApiFolder(root) : (): boolean => false;
  const isIgnored = (file: string): boolean => {
    if (file === folder || file.startsWith(folder + path.sep)) return true;
    const name = path.relative(root, file);
    return name.split(path.sep).some((step) => step !== ".." && NEVER.test(step)) || isOther(file) || matches(name);
  };
  return { tool, inputs, isIgnored, output: folder };
}

/** The folder that is served: the configured one, or the first that is there. */
export function outputOf(root: string, output: string | undefined): string {
  const name = output ?? OUTPUTS.find((each) => isFolder(path.join(root, each))) ?? "dist";
  return path.resolve(root, name);
}

/** API routes are run as they are. */
function isApiFolder(root: string): (file: string) => boolean {
  const folders = ["pages/api", "src/pages/api"].map((folder) => path.join(root, folder));
  return (file) => folders.some((folder) => file === folder || file.startsWith(folder + path.sep));
}

/** A path stands for all that is below it. */
function matcherOf(root: string, patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.flatMap((pattern) => {
    const name = slashed(path.relative(root, path.resolve(root, pattern)));
    return [name, `${name}/**`].map((form) => compileGlob(form, { isExhaustive: true }));
  });
  return (name) => tests.some((test) => test(slashed(name)));
}
