import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { rolldown } from "rolldown";
import type { ComponentPatches } from "../../../src/client/components/component-patches.ts";
import { openPage } from "../../e2e/browser.ts";
import { template } from "./template.ts";

declare global {
  interface Window {
    ComponentPatches: typeof ComponentPatches;
    patches: ComponentPatches;
    /** What a law holds on to. */
    held: Record<string, Node>;
  }
}

const source = fileURLToPath(new URL("../../../src/client/components/component-patches.ts", import.meta.url));

let bundled: Promise<string> | undefined;

/** What applies patches, as a classic script that says `ComponentPatches`. */
export async function bundledPatches(): Promise<string> {
  bundled ??= bundle(source, "ComponentPatchesModule");
  return `${await bundled}; Object.assign(window, ComponentPatchesModule); window.patches = new ComponentPatches(); window.held = {};`;
}

/** A module of the sources as a classic script. */
export async function bundle(input: string, name: string): Promise<string> {
  const build = await rolldown({ input, platform: "browser", logLevel: "silent" });
  const { output } = await build.generate({ format: "iife", name, exports: "named" });
  await build.close();
  return output[0].code;
}

/** A page in a browser in which a program has drawn something, and that can take patches of it. */
export class PatchedPage {
  readonly tab: Page;

  private constructor(tab: Page) {
    this.tab = tab;
  }

  static async open(body: string): Promise<PatchedPage> {
    const tab = await openPage("about:blank");
    await tab.setContent(`<!doctype html><html><head></head><body>${body}</body></html>`);
    await tab.addScriptTag({ content: await bundledPatches() });
    return new PatchedPage(tab);
  }

  /** Returns why the patch is not taken. */
  async patch(before: string, after: string, id = "x"): Promise<string | undefined> {
    const change = { before: template(before), after: template(after), text: after };
    return this.tab.evaluate(
      ([name, own]) => window.patches.apply({ id: name, kind: "template", rev: 1, template: own }),
      [id, change] as const,
    );
  }

  async style(...styles: readonly string[]): Promise<string | undefined> {
    return this.tab.evaluate(
      (own) => window.patches.apply({ id: "x", kind: "style", rev: 1, styles: own }),
      styles,
    );
  }

  async body(): Promise<string> {
    return this.tab.evaluate(() => document.body.innerHTML.replaceAll(/<script[^]*<\/script>/g, "").trim());
  }

  /** Remember an element, or the first text in it. */
  async hold(name: string, selector: string, isText = false): Promise<void> {
    await this.tab.evaluate(
      ([own, where, wantsText]) => {
        const element = document.querySelector(where);
        const node = wantsText ? element?.firstChild : element;
        if (node) window.held[own] = node;
      },
      [name, selector, isText] as const,
    );
  }

  async isHeld(name: string, selector: string, isText = false): Promise<boolean> {
    return this.tab.evaluate(
      ([own, where, wantsText]) => {
        const element = document.querySelector(where);
        return window.held[own] === (wantsText ? element?.firstChild : element);
      },
      [name, selector, isText] as const,
    );
  }
}
