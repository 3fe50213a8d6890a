import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The folder of this package. */
export const packageRoot: string = fileURLToPath(new URL("../..", import.meta.url));

/** A user's project in a folder of its own. */
export class Project {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(file: string): string {
    return join(this.root, file);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Save a file with one piece of text replaced, as an editor would. */
  edit(file: string, from: string, to: string): void {
    const text = readFileSync(this.path(file), "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not contain ${JSON.stringify(from)}.`);
    writeFileSync(
      this.path(file),
      text.replace(from, () => to),
    );
  }
}

/** A project that has this package installed; deleted with the test. */
export function createProject(files: Readonly<Record<string, string>> = {}): Project {
  const project = new Project(emptyFolder());
  project.write("package.json", JSON.stringify({ private: true, type: "module" }));
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  mkdirSync(project.path("node_modules"));
  symlinkSync(packageRoot, project.path("node_modules/orbit-hmr"), "junction");
  return project;
}

/** A copy of an example, without what somebody has built in it; deleted with the test. */
export function copyExample(name = "api-routes"): Project {
  const project = createProject();
  cpSync(join(packageRoot, "examples", name), project.root, { recursive: true, filter: isSource });
  return project;
}

function isSource(file: string): boolean {
  return !["target", "site", "app.wasm"].includes(basename(file));
}

/** An empty folder; deleted with the test. */
export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "orbit-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
