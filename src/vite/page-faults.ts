import { existsSync } from "node:fs";
import { SourceMap } from "node:module";
import type { SourceMapPayload } from "node:module";
import path from "node:path";
import type { ViteDevServer } from "vite";
import type { PageChannel } from "../browser/page-channel.ts";
import { PageErrors } from "../browser/page-errors.ts";
import { messageOf } from "../protocol/message-of.ts";
import type { ReloadError } from "../protocol/page-events.ts";
import type { PageFault } from "../protocol/page-wire.ts";
import { frameOf } from "../session/code-frame.ts";
import type { Session } from "../session/session.ts";

/** What went wrong in the pages of each session, whichever server they are connected with. */
const errorsBySession = new WeakMap<Session, PageErrors>();

/** Note what goes wrong in the pages of a server, and tell each where that is in the sources. Returns what ends it. */
export function hearFaults(
  { server, id }: { readonly server: ViteDevServer; readonly id: string },
  session: Session,
  channel: PageChannel,
): () => void {
  const errors = errorsBySession.get(session) ?? new PageErrors();
  errorsBySession.set(session, errors);
  session.pageErrors = () => errors.of(channel.tabs);
  return channel.on("orbit:page-error", (fault, _tab, connection) => {
    if (connection.server !== id) return;
    const note = async (): Promise<void> => {
      const error = await placeFault(fault, server, session);
      errors.note(connection, fault.id, error);
      connection.send({ type: "custom", event: "orbit:page-error-place", data: { id: fault.id, error } });
    };
    note().catch((error: unknown) => session.warn(`[orbit] ${messageOf(error)}`));
  });
}

/** A place in what a browser runs. */
interface ScriptPlace {
  readonly address: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** A place in a file of this machine. */
interface SourcePlace {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Where an error of a page is in the sources: what the project has written, if it is in the stack, comes first. */
async function placeFault(fault: PageFault, server: ViteDevServer, { names }: Session): Promise<ReloadError> {
  const places = await Promise.all(placesOf(fault).map(async (place) => sourceOf(place, server)));
  const known = places.filter((place) => place !== undefined);
  const place = known.find(({ file }) => !file.includes("/node_modules/")) ?? known[0];
  const file = place === undefined ? addressOf(fault) : names.relative(place.file);
  const { line, column } = place ?? fault;
  const frame = frameOf(place?.file, place);
  const message = names.withoutRoot(fault.message);
  return { filePath: file, routes: [], error: { message, file, line, column, frame }, retries: 0 };
}

/** So many frames of a stack are looked at. */
const MAX_FRAMES = 10;

function placesOf({ file, line, column, stack = "" }: PageFault): readonly ScriptPlace[] {
  const frames = [...stack.matchAll(/(https?:\/\/[^\s()]+?):(\d+):(\d+)/g)].slice(0, MAX_FRAMES);
  return [
    ...(file === undefined ? [] : [{ address: file, line, column }]),
    ...frames.map(([, address = "", at, from]) => ({ address, line: Number(at), column: Number(from) })),
  ];
}

async function sourceOf(place: ScriptPlace, server: ViteDevServer): Promise<SourcePlace | undefined> {
  const { config, environments } = server;
  const url = urlBelow(config.base, place.address);
  if (url === undefined) return undefined;
  const module = await environments.client.moduleGraph.getModuleByUrl(url);
  const file = module?.file ?? path.join(config.root, url.replace(/\?.*$/, ""));
  // A page is made of more than its file: lines of it are others.
  if (!path.isAbsolute(file) || /\.html?$|\/$/.test(file) || !existsSync(file)) return undefined;
  return { file, ...originalPlace(module?.transformResult?.map, place) };
}

/** As Vite names its modules: without the base, and without what only says how new it is. */
function urlBelow(base: string, address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { pathname, searchParams } = new URL(address);
  if (!pathname.startsWith(base)) return undefined;
  searchParams.delete("t");
  const query = searchParams.toString().replaceAll("=&", "&").replace(/=$/, "");
  return decodeURI(pathname.slice(base.length - 1)) + (query === "" ? "" : `?${query}`);
}

function originalPlace(map: unknown, { line, column = 1 }: ScriptPlace): Omit<SourcePlace, "file"> {
  const isMap = typeof map === "object" && map !== null && "version" in map;
  if (line === undefined || !isMap) return { line, column };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a map that has a version is one
  const entry = new SourceMap(map as SourceMapPayload).findEntry(line - 1, column - 1);
  if (!("originalLine" in entry)) return { line, column };
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** The path of the script, where that is all that is known. */
function addressOf({ file = "" }: PageFault): string | undefined {
  return URL.canParse(file) ? new URL(file).pathname : undefined;
}
