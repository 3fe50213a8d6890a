import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { CARGO_ENVIRONMENT } from "./cargo.ts";
import { fieldOf, listIn, textIn } from "./json-fields.ts";

/** Where the parts of a cargo project are. Paths are absolute. */
export interface CargoProject {
  readonly workspace: string;
  readonly target: string;
  /** The folders of its packages: members, and what they depend on by path. */
  readonly packages: readonly string[];
}

/** What every project has, whatever cargo says of it. */
export function plainCargoProject(folder: string): CargoProject {
  return { workspace: folder, target: path.join(folder, "target"), packages: [folder] };
}

/**
 * Ask cargo; nothing where it cannot say, such as of a manifest that is broken.
 *
 * @param env that of the build: it may name another cargo, or another folder for what is made
 */
export async function askCargo(
  folder: string,
  toolchain: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<CargoProject | undefined> {
  // All that is known of packages from elsewhere is on this machine, or it is not asked for.
  for (const options of [["--offline"], ["--offline", "--no-deps"]]) {
    const said = await metadataOf(folder, { toolchain, env }, options);
    if (said !== undefined) return said;
  }
  return undefined;
}

/** What decides about a build beside the folders of packages. */
export function settingsOf({ workspace }: CargoProject): readonly string[] {
  const names = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml", "rust-toolchain"];
  return names.map((name) => path.join(workspace, name));
}

const execute = promisify(execFile);
/** The metadata of a large workspace with all that it depends on. */
const MAX_LENGTH = 256 * 1024 * 1024;
const PATIENCE_MS = 20_000;

async function metadataOf(
  cwd: string,
  { toolchain, env }: { readonly toolchain: string | undefined; readonly env: NodeJS.ProcessEnv },
  options: readonly string[],
): Promise<CargoProject | undefined> {
  const selected = toolchain === undefined ? [] : [`+${toolchain}`];
  try {
    const { stdout } = await execute(
      "cargo",
      [...selected, "metadata", "--format-version", "1", ...options],
      { cwd, env: { ...env, ...CARGO_ENVIRONMENT }, maxBuffer: MAX_LENGTH, timeout: PATIENCE_MS },
    );
    return projectIn(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

function projectIn(metadata: unknown): CargoProject | undefined {
  const workspace = textIn(metadata, "workspace_root");
  const target = textIn(metadata, "target_directory");
  if (workspace === undefined || target === undefined) return undefined;
  const own = listIn(metadata, "packages").filter((each) => fieldOf(each, "source") === undefined);
  const folders = own.flatMap((each) => {
    const manifest = textIn(each, "manifest_path");
    // Where only members are listed, what they depend on by path stands in them.
    const paths = listIn(each, "dependencies").flatMap((dependency) => textIn(dependency, "path") ?? []);
    return manifest === undefined ? [] : [path.dirname(manifest)].concat(paths);
  });
  return { workspace, target, packages: [...new Set(folders)] };
}
