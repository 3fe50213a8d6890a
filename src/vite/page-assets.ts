import type { EnvironmentModuleNode, ViteDevServer } from "vite";
import { normalizePath } from "vite";
import { assetPath, isImage } from "../browser/asset-files.ts";
import type { Assets } from "../protocol/page-wire.ts";

/** Saves that come so soon after one another are told in one message. */
const BATCH_MS = 10;

/** Tells the pages of a server of saved files that they show as they are: Vite says nothing of those. Returns the undo. */
export function tellAssets({ config, watcher }: ViteDevServer, send: (assets: Assets) => void): () => void {
  const paths = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    timer = undefined;
    send({ paths: [...paths] });
    paths.clear();
  };
  const onEvent = (event: string, file: string): void => {
    const path = event === "change" || event === "add" ? assetPath(file, config) : undefined;
    if (path === undefined) return;
    paths.add(path);
    timer ??= setTimeout(tell, BATCH_MS);
  };
  watcher.on("all", onEvent);
  return () => {
    watcher.off("all", onEvent);
    clearTimeout(timer);
  };
}

/**
 * The path of an image that code has by its address alone: it is shown anew where it is, and nothing has to run again for it.
 * Nothing for any other file.
 */
export function addressedImage(file: string, { config, environments }: ViteDevServer): string | undefined {
  const modules = environments.client.moduleGraph.getModulesByFile(normalizePath(file)) ?? [];
  return isImage(file) && [...modules].every(isAddress) ? assetPath(file, config) : undefined;
}

/** Whether a module of an asset has nothing but its address. */
function isAddress({ url }: EnvironmentModuleNode): boolean {
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  return [...query.keys()].every((name) => name === "url" || name === "import" || name === "t");
}
