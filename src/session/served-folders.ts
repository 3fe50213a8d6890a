import path from "node:path";
import type { BuildPlan } from "../build/build-plan.ts";
import { processSlot } from "../protocol/process-slot.ts";

/** What is served from a folder, where that is not all there is to it. */
export interface ServedFolder {
  /** The folder of the project, whose output it is. */
  readonly root: string;
  readonly build: BuildPlan;
}

const servedFolders = (): Map<string, ServedFolder> =>
  processSlot("served-folders@1", () => new Map<string, ServedFolder>());

/** Note that a root of Vite's belongs to a project that is built, or that it does not. */
export function noteServedFolder(viteRoot: string, served: ServedFolder | undefined): void {
  if (served === undefined) servedFolders().delete(path.normalize(viteRoot));
  else servedFolders().set(path.normalize(viteRoot), served);
}

/** What is known of a root of Vite's besides. */
export function servedFolderOf(viteRoot: string): ServedFolder | undefined {
  return servedFolders().get(path.normalize(viteRoot));
}

/** The folder of the project that a server of Vite's is for: its root, save where that is what a build has made of the project. */
export function projectRootOf({ root }: { readonly root: string }): string {
  return servedFolderOf(root)?.root ?? path.normalize(root);
}
