import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

/** A project in a temporary folder. Paths are relative to it. */
export interface Project {
  readonly root: string;
  readonly path: (file: string) => string;
  readonly write: (file: string, text: string) => void;
  readonly remove: (file: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** A symbolic link at `link` that leads to `target`, in place of one that may be there. */
  readonly link: (target: string, link: string) => void;
}

const REPOSITORY = resolve(import.meta.dirname, "../../..");

/** Lay out files, and `orbit-hmr` as a linked package. The folder is removed when the test is finished. */
export function createProject(files: Readonly<Record<string, string>>): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "orbit-vite-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const at = (file: string): string => join(root, file);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  };
  const link = (target: string, name: string): void => {
    mkdirSync(dirname(at(name)), { recursive: true });
    rmSync(at(name), { force: true });
    symlinkSync(target.startsWith("/") ? target : at(target), at(name));
  };
  link(REPOSITORY, "node_modules/orbit-hmr");
  for (const [file, text] of Object.entries(files)) write(file, text);
  return {
    root,
    path: at,
    write,
    link,
    remove: (file) => rmSync(at(file), { recursive: true }),
    rename: (from, to) => {
      mkdirSync(dirname(at(to)), { recursive: true });
      renameSync(at(from), at(to));
    },
  };
}

/** A route that answers with the text of an expression. */
export function route(expression: string, head = ""): string {
  return `${head}\nexport const GET = async () => new Response(String(${expression}));\n`;
}
