import type { DevEnvironment, EnvironmentModuleNode, Plugin } from "vite";

/**
 * Lets a mended browser module reach the pages that could not load it. Vite takes a module that it has never analysed for one
 * that no page has, and tells nobody of a save: a page that was opened while it was broken would show the error for ever.
 */
export function retryFailedModules(): Plugin {
  return {
    name: "orbit-hmr:failed-modules",
    hotUpdate: {
      order: "pre",
      async handler({ type, modules }) {
        if (this.environment.name !== "client" || type === "delete") return;
        // What it throws, Vite tells the pages.
        for (const module of modules) if (isUnread(module)) await read(this.environment, module);
      },
    },
  };
}

function isUnread({ isSelfAccepting, importers }: EnvironmentModuleNode): boolean {
  return isSelfAccepting === undefined && importers.size > 0;
}

async function read(environment: DevEnvironment, { url }: EnvironmentModuleNode): Promise<void> {
  await environment.transformRequest(url);
}
