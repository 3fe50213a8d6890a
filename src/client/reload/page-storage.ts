import type { PageSnapshot } from "./page-snapshot.ts";

/** Why a document was loaded again, and up to which message it had heard everything. */
export interface Cause {
  readonly reason: string;
  readonly build: string | undefined;
  readonly seq: number | undefined;
}

/** What goes over to the next document. */
export interface KeptPage {
  /** Absent where Vite's client has loaded it again. */
  readonly cause?: Cause | undefined;
  readonly snapshot?: PageSnapshot | undefined;
  /** What `orbit.data()` holds, by id. */
  readonly data: Readonly<Record<string, object>>;
}

interface StoredPage extends KeptPage {
  readonly url: string;
  /** When it was stored. */
  readonly at: number;
}

/** By frame: all frames of one origin in a tab have one storage. */
type StoredPages = Readonly<Record<string, StoredPage>>;

const KEY = "orbit-hmr:reload";
/** A document that began so long after it was stored is not the one that it was stored for: the reload was declined. */
const MAX_GAP_MS = 10_000;

/** Store what the next document of this frame is to have. Returns why that cannot be, if it cannot. */
export function storePage(page: KeptPage): string | undefined {
  const problem = store(page);
  // There may be room for that.
  if (problem !== undefined) store({ cause: page.cause, data: {} });
  return problem;
}

function store(page: KeptPage): string | undefined {
  try {
    const stored: StoredPage = { ...page, url: place(), at: Date.now() };
    const all: StoredPages = { ...readAll(), [frame()]: stored };
    sessionStorage.setItem(KEY, JSON.stringify(all));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the document before has stored for this one. It is there once. */
export function takePage(): KeptPage | undefined {
  try {
    const { [frame()]: own, ...others } = readAll();
    if (own === undefined) return undefined;
    if (Object.keys(others).length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(others));
    const isMeant = own.url === place() && performance.timeOrigin - own.at < MAX_GAP_MS;
    return isMeant && wasReloaded() ? own : undefined;
  } catch {
    // Where a page may store nothing there is nothing, and a text that is not ours is dropped.
    return undefined;
  }
}

function readAll(): StoredPages {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the same client; what else is there fails below
  return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as StoredPages;
}

function wasReloaded(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  // A frame is loaded anew by the page around it.
  return window !== parent || (navigation !== undefined && Reflect.get(navigation, "type") === "reload");
}

function place(): string {
  return location.pathname + location.search;
}

/** Which frame of the tab this is: nothing for the outermost one. */
function frame(): string {
  const path: number[] = [];
  for (let at: Window = window; at !== at.parent; at = at.parent) {
    const around = at.parent;
    for (let index = 0; index < around.length; index++) if (around[index] === at) path.unshift(index);
  }
  return path.join("/");
}
