import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../cli/project.ts";
import { createProject } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { isWhole } from "./pages.ts";
import type { Block } from "./pages.ts";

const PROGRAM = /^[jt]sx?$/;

/** Packages that pages show. */
const SHOWN = ["connect", "express", "fastify", "h3", "hono", "koa", "vite"];

/** A project of blocks, each in the file that it names. */
export function projectOf(blocks: readonly Block[]): Project {
  const project = createProject({ "package.json": blocks.some(isConfig) ? `{ "type": "module" }` : "{}" });
  for (const name of SHOWN)
    symlinkSync(join(packageRoot, "node_modules", name), project.path(`node_modules/${name}`));
  for (const [index, { path, language, text }] of blocks.entries()) {
    const file = project.path(path ?? `block-${index}.${language}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return project;
}

export function isProgram(block: Block): boolean {
  return PROGRAM.test(block.language) && isWhole(block);
}

export function isRoute({ path }: Block): boolean {
  return path?.startsWith("pages/api/") === true;
}

export function isConfig({ path = "" }: Block): boolean {
  return /^(?:vite|orbiton)\.config\./.test(path);
}
