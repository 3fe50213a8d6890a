import path from "node:path";
import { normalizePath } from "vite";
import type { EnvironmentModuleNode, HotPayload, ViteDevServer } from "vite";
import type { ErrorPayload } from "./bundler-errors.ts";

/**
 * What keeps browser modules from being made. Vite's client takes an error away at any update, be it of a file that has nothing
 * to do with it: those that still hold are told again.
 */
export class HeldErrors {
  readonly #server: ViteDevServer;
  readonly #tell: (payload: ErrorPayload) => void;
  /** By file. */
  readonly #held = new Map<string, ErrorPayload>();

  constructor(server: ViteDevServer, tell: (payload: ErrorPayload) => void) {
    this.#server = server;
    this.#tell = tell;
  }

  /** Called with all that pages are told. */
  note(payload: HotPayload): void {
    if (payload.type === "update" && this.#held.size > 0) void this.#tellAgain();
    if (payload.type !== "error") return;
    const [file = ""] = (payload.err.loc?.file ?? payload.err.id ?? "").split("?");
    if (path.isAbsolute(file)) this.#held.set(normalizePath(file), payload);
  }

  async #tellAgain(): Promise<void> {
    const { moduleGraph } = this.#server.environments.client;
    for (const [file, payload] of this.#held) {
      const modules = [...(moduleGraph.getModulesByFile(file) ?? [])];
      const failed = await Promise.all(modules.map(async (module) => this.#isFailing(module)));
      // It has failed with something else meanwhile, which was told.
      if (this.#held.get(file) !== payload) continue;
      this.#held.delete(file);
      if (failed.includes(true)) this.#tell(payload);
    }
  }

  async #isFailing({ url }: EnvironmentModuleNode): Promise<boolean> {
    try {
      await this.#server.environments.client.transformRequest(url);
      return false;
    } catch {
      return true;
    }
  }
}
