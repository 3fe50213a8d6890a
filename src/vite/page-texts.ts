import { readFileSync } from "node:fs";
import path from "node:path";
import type { ViteDevServer } from "vite";
import type { PageChannel } from "../browser/page-channel.ts";
import { RecentTexts } from "../browser/recent-texts.ts";
import { digestOf } from "../disk/disk.ts";
import type { Registration } from "../protocol/page-wire.ts";
import { processSlot } from "../protocol/process-slot.ts";

/** The last texts of pages that are remembered, of a project: one that was made before those is loaded again by an edit. */
const MAX = { count: 200, size: 8_000_000 };

type Texts = RecentTexts<string>;

/** By root, and by digest. They are there longer than the servers that have made them. */
function textsOf(root: string): Texts {
  const roots = processSlot("page-texts@1", () => new Map<string, Texts>());
  const texts: Texts = roots.get(root) ?? new RecentTexts(MAX, (text) => text.length);
  roots.set(root, texts);
  return texts;
}

/** Where the client has the name of the text, before anybody knows it. */
const PLACE = ' data-text=""';
/** What every page gets, with numbers that change all the time. */
const CLIENT = /<script\b[^>]*\bsrc="[^"]*\/@(?:orbit\/(?:boot|page)\.js|vite\/client)"[^>]*><\/script>\s*/g;
/** A script that stands in the page: Vite makes a module of it, and the text says only which. */
const INLINE_SCRIPT = /<script\b[^>]*\bsrc="([^"]*\?html-proxy\b[^"]*)"/g;
/** Vite's mark of a file that has been updated since. */
const UPDATED = /[?&](?:amp;)?t=\d{13}(?=")/g;

/**
 * Name a finished page by its text, and remember that: pages that are open can be brought up to date with the next one.
 *
 * @returns `undefined` where it cannot be told, as while the server restarts
 */
export async function nameText(
  html: string,
  { config, environments }: ViteDevServer,
): Promise<string | undefined> {
  if (!html.includes(PLACE)) return html;
  const codes = new Map<string, string>();
  for (const [, address = ""] of html.matchAll(INLINE_SCRIPT)) {
    try {
      const loaded = await environments.client.pluginContainer.load(idOf(address, config.base));
      const code = typeof loaded === "object" ? loaded?.code : loaded;
      if (code === undefined) return undefined;
      codes.set(address, digestOf(code));
    } catch {
      return undefined;
    }
  }
  const text = html
    .replaceAll(CLIENT, "")
    .replaceAll(INLINE_SCRIPT, (tag, address: string) => `${tag} data-code="${codes.get(address) ?? ""}"`)
    .replaceAll(UPDATED, "");
  const name = digestOf(text);
  textsOf(config.root).set(name, text);
  return html.replace(PLACE, ` data-text="${name}"`);
}

/** Files that a server has been asked for by pages of another one, and the names of their texts. */
const namesByServer = new WeakMap<object, Map<string, Promise<string | undefined>>>();

/** Whether a server makes another page of a file than the one that somebody has: it may be saved, or another plugin's. */
export async function isOtherText(
  server: ViteDevServer,
  { html, text }: Pick<Registration, "html" | "text">,
): Promise<boolean> {
  if (html === undefined || text === undefined) return false;
  const names = namesByServer.get(server.config) ?? new Map<string, Promise<string | undefined>>();
  namesByServer.set(server.config, names);
  const name = names.get(html) ?? nameOfFile(server, html);
  names.set(html, name);
  const found = await name;
  return found !== undefined && found !== text;
}

/** The name of the text that a file has now; `undefined` where it has none, or another one each time. */
async function nameOfFile(server: ViteDevServer, name: string): Promise<string | undefined> {
  const file = path.join(server.config.root, name);
  if (!file.startsWith(path.join(server.config.root, path.sep))) return undefined;
  const read = async (): Promise<string | undefined> => {
    const finished = await server.transformIndexHtml(`/${name}`, readFileSync(file, "utf8"));
    return /<script\b[^>]* data-text="([^"]+)"/.exec(finished)?.[1];
  };
  try {
    const first = await read();
    return first === (await read()) ? first : undefined;
  } catch {
    // It is gone, or cannot be made: whoever asks for the page hears of that.
    return undefined;
  }
}

/** Answer pages of a server that want to know how their text has changed. Returns what ends it. */
export function answerTexts(
  { server, id }: { readonly server: ViteDevServer; readonly id: string },
  channel: PageChannel,
): () => void {
  const texts = textsOf(server.config.root);
  return channel.on("orbit:page-texts", ({ ask, from, to }, _tab, connection) => {
    if (connection.server !== id) return;
    const data = { ask, before: texts.get(from), after: texts.get(to) };
    connection.send({ type: "custom", event: "orbit:page-texts", data });
  });
}

/** As Vite calls the module at an address. */
function idOf(address: string, base: string): string {
  const url = decodeURI(address.replaceAll("&amp;", "&"));
  const below = url.startsWith(base) ? `/${url.slice(base.length)}` : url;
  return below.replace(/^\/@id\/__x00__/, "\0");
}
