import { existsSync } from "node:fs";
import path from "node:path";
import type { ViteDevServer } from "vite";
import { RecentTexts } from "../browser/recent-texts.ts";
import { processSlot } from "../protocol/process-slot.ts";
import { nameText } from "./page-texts.ts";

/** The pages that are remembered, and their characters. */
const MAX = { count: 100, size: 4_000_000 };

interface MadePage {
  readonly url: string;
  readonly html: string;
}

type MadePages = RecentTexts<MadePage>;

/** By root, and by the name that Vite has for it: what programs of a project had Vite finish. */
function pagesOf(root: string): MadePages {
  const roots = processSlot("made-pages@2", () => new Map<string, MadePages>());
  const pages: MadePages = roots.get(root) ?? new RecentTexts(MAX, ({ html }) => html.length);
  roots.set(root, pages);
  return pages;
}

/**
 * Name the pages that a server finishes, and remember those that it is asked to finish: scripts that stand in them are modules of it, and the next server knows
 * those of files only. Returns the undo.
 */
export function followMadePages(server: ViteDevServer): () => void {
  const { root } = server.config;
  const pages = pagesOf(root);
  // oxlint-disable-next-line typescript/unbound-method -- put back as it was
  const transform = server.transformIndexHtml;
  server.transformIndexHtml = async (url, html, originalUrl) => {
    const name = nameOf(url);
    if (url.endsWith("/") || !existsSync(path.join(root, name))) {
      pages.set(name, { url, html });
    }
    const finish = async (): Promise<string> => transform.call(server, url, html, originalUrl);
    const first = await finish();
    // Another server may have taken over in between: it knows nothing of the scripts that stand in the page.
    return (await nameText(first, server)) ?? (await nameText(await finish(), server)) ?? first;
  };
  return () => {
    server.transformIndexHtml = transform;
  };
}

/**
 * What a page was made of that is no file.
 *
 * @param url the address of a script that stands in it
 */
export function madePageOf(root: string, url: string): MadePage | undefined {
  const name = /^\/@id\/__x00__(\/.*)\?html-proxy\b/.exec(url)?.[1];
  return name === undefined ? undefined : pagesOf(root).get(nameOf(name));
}

/** As Vite calls the page that an address with a slash at its end has. */
function nameOf(url: string): string {
  const pathname = url.replace(/[?#].*$/, "");
  return pathname.endsWith("/") ? `${pathname}index.html` : pathname;
}
