import { statSync } from "node:fs";
import path from "node:path";
import { isFolder } from "../disk/file-kind.ts";
import { isAtOrBelow, slashed } from "../disk/file-names.ts";
import { compileGlob } from "../graph/glob-matcher.ts";
import { timers } from "../reload/clock.ts";
import type { BuildOptions } from "../settings/build-options.ts";
import type { BuildTool } from "./build-tool.ts";
import { cargoTool } from "./cargo.ts";
import type { CargoFolders } from "./cargo-messages.ts";
import { askCargo, plainCargoProject, settingsOf } from "./cargo-project.ts";
import { checkFirst } from "./check-first.ts";
import { commandTool } from "./command.ts";

/** What builds a project, from what, and where to. Paths are absolute. */
export interface BuildPlan {
  readonly tool: BuildTool;
  /** Files and folders that it is built from, as far as that is known now. */
  readonly inputs: () => readonly string[];
  /** Whether a file or folder below them is none of them. */
  readonly isIgnored: (file: string) => boolean;
  /** The folder that it writes. */
  readonly output: string;
  /** What people call the module of a file. */
  readonly moduleOf: (file: string) => string;
}

/** How cargo is asked, beside what the options of the build say. */
export interface CargoWishes {
  readonly toolchain?: string | undefined;
  readonly release?: boolean | undefined;
}

/** Where builds put what they make, as people call it. */
const OUTPUTS = ["dist", "site", "public"];
/** What no build is made from: packages, what other programs make, and what begins with a dot. */
const NEVER = /^(?:node_modules|target|\..+)$/;

/** The plan of a build by a command. */
export function planCommand(
  root: string,
  { command = "", args, cwd, watch, ignore, output, env, diagnostics }: BuildOptions,
): BuildPlan {
  const folder = outputOf(root, output);
  const tool = commandTool(
    { command, args, cwd: path.resolve(root, cwd ?? "."), env: { ...process.env, ...env }, diagnostics },
    root,
  );
  const inputs = (watch ?? ["."]).map((place) => path.resolve(root, place));
  const isOther = ignoringIn(root, { output: folder, ignore, hasOwnChoice: watch !== undefined });
  const moduleOf = (file: string): string => moduleName(root, file);
  return { tool, inputs: () => inputs, isIgnored: isOther, output: folder, moduleOf };
}

/** The plan of a build by cargo, which knows best what it is built from. */
export async function planCargo(
  root: string,
  options: BuildOptions,
  { toolchain, release = false }: CargoWishes,
): Promise<BuildPlan> {
  const { args = [], cwd = ".", run, watch = [], ignore } = options;
  const env = { ...process.env, ...options.env };
  const folder = path.resolve(root, cwd);
  const output = outputOf(root, options.output);
  const isOther = ignoringIn(root, { output, ignore, hasOwnChoice: false });
  let project = (await askCargo(folder, toolchain, env)) ?? plainCargoProject(folder);
  let manifests = stampOf(project.packages);
  const cargo = {
    cwd: folder,
    env,
    toolchain,
    args: release ? [...args, "--release"] : args,
    run: run === true ? [] : run === false ? undefined : run,
  };
  const folders = (): CargoFolders => ({ workspace: project.workspace, root });
  const compiler = checkFirst({
    build: cargoTool(cargo, folders, timers),
    check: cargoTool({ ...cargo, isCheck: true }, folders, timers),
    crateOf: (file) => crateOf(homeOf(file, project.packages) ?? root, file),
    clock: timers,
  });
  /** A manifest says what else belongs to the project. */
  const lookAgain = async (): Promise<void> => {
    const now = stampOf(project.packages);
    if (now === manifests) return;
    manifests = now;
    project = (await askCargo(folder, toolchain, env)) ?? project;
  };
  const tool: BuildTool = {
    name: compiler.name,
    start(note, files) {
      const running = compiler.start(note, files);
      const looked = lookAgain();
      const ended = running.ended.then(async (result) => {
        await looked;
        return result;
      });
      return { ended, stop: () => running.stop() };
    },
  };
  const explicit = (): ReadonlySet<string> => new Set(settingsOf(project));
  return {
    tool,
    output,
    moduleOf: (file) => {
      const home = homeOf(file, project.packages) ?? root;
      const name = moduleName(home, file);
      return project.packages.length > 1 ? `${path.basename(home)}/${name}` : name;
    },
    inputs: () => [...project.packages, ...explicit(), ...watch.map((place) => path.resolve(root, place))],
    isIgnored: (file) =>
      isAtOrBelow(project.target, file) ||
      (isOther(file) && (isAtOrBelow(output, file) || !explicit().has(file))),
  };
}

/** The folder of the package that a file belongs to. */
function homeOf(file: string, packages: readonly string[]): string | undefined {
  return packages.filter((each) => isAtOrBelow(each, file)).toSorted((a, b) => b.length - a.length)[0];
}

/** A package has a library, which others use, and programs, which nobody does. */
function crateOf(home: string, file: string): string {
  const isOfProgram = /^src\/(?:main\.rs$|bin\/)/.test(slashed(path.relative(home, file)));
  return isOfProgram ? `${home}:program` : home;
}

/** The folder that is served: the configured one, or the first that is there. */
export function outputOf(root: string, output: string | undefined): string {
  return path.resolve(root, output ?? outputThere(root) ?? "dist");
}

/** The first of the folders that builds write which is there. */
export function outputThere(root: string): string | undefined {
  return OUTPUTS.find((each) => isFolder(path.join(root, each)));
}

function ignoringIn(
  root: string,
  {
    output,
    ignore = [],
    hasOwnChoice,
  }: {
    readonly output: string;
    readonly ignore: readonly string[] | undefined;
    readonly hasOwnChoice: boolean;
  },
): BuildPlan["isIgnored"] {
  const matches = matcherOf(root, ignore);
  // API routes are run as they are.
  const routes = hasOwnChoice ? [] : ["pages/api", "src/pages/api"].map((folder) => path.join(root, folder));
  return (file) => {
    if ([output, ...routes].some((folder) => isAtOrBelow(folder, file))) return true;
    const name = path.relative(root, file);
    return name.split(path.sep).some((step) => step !== ".." && NEVER.test(step)) || matches(name);
  };
}

/** The path below the folder of the sources, without what stands behind the dot: `components/counter`. */
function moduleName(home: string, file: string): string {
  const name = slashed(path.relative(home, file)).replace(/^src\//, "");
  // The files beside a component, such as `counter.orbit.css`, are of it.
  return name.replace(/(?<=[^/])(?:\.orbit)?\.[^./]+$/, "");
}

/** A path stands for all that is below it. */
function matcherOf(root: string, patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.flatMap((pattern) => {
    const name = slashed(path.relative(root, path.resolve(root, pattern)));
    return [name, `${name}/**`].map((form) => compileGlob(form, { isExhaustive: true }));
  });
  return (name) => tests.some((test) => test(slashed(name)));
}

/** When the manifests of packages were saved last. */
function stampOf(packages: readonly string[]): string {
  return packages
    .map((folder) => statSync(path.join(folder, "Cargo.toml"), { throwIfNoEntry: false })?.mtimeMs)
    .join();
}
