import { processSlot } from "./process-slot.ts";

/** What pages have of a server. */
export interface GivenByServer {
  /** Digests of what browsers were given, by URL; empty while it serves. */
  readonly digests: ReadonlyMap<string, string>;
  /** What browsers see of the environment, as text. */
  readonly environment: string;
}

/** What a server knows of the pages of a project, and the one that follows it has to know. */
export interface PageMemory {
  /** What pages show to be let in. */
  readonly token?: string | undefined;
  /** By the names of the last servers, oldest first: a page that nobody sees may have missed some of them. */
  readonly given: ReadonlyMap<string, GivenByServer>;
  /** Routes that somebody had asked for, by path. */
  readonly used: readonly string[];
  /** When {@link used} was noted, in epoch milliseconds. */
  readonly usedAt: number;
}

/** By root. */
export type PageMemories = ReadonlyMap<string, PageMemory>;

type Collector = () => void;

/** What is known of the pages of all projects of this process, by root. */
const memories = (): Map<string, PageMemory> =>
  processSlot("page-memory@1", () => new Map<string, PageMemory>());

/** What is known of the pages of a project. */
export function pageMemoryOf(root: string): PageMemory {
  return memories().get(root) ?? { given: new Map(), used: [], usedAt: 0 };
}

/** More is known of the pages of a project. */
export function rememberPages(root: string, known: Partial<PageMemory>): void {
  memories().set(root, { ...pageMemoryOf(root), ...known });
}

const collectors = (): Map<string, Collector> =>
  processSlot("page-collectors@1", () => new Map<string, Collector>());

/** What more a server knows is asked of it when another one follows. Returns what ends that, after a last time. */
export function collectBy(root: string, collect: Collector): () => void {
  collectors().set(root, collect);
  return () => {
    collect();
    if (collectors().get(root) === collect) collectors().delete(root);
  };
}

/** So many servers are remembered. */
const MAX_SERVERS = 10;

/** Remember what a server has given to browsers. */
export function rememberGiven(root: string, server: string, given: GivenByServer): void {
  const all = new Map(pageMemoryOf(root).given).set(server, given);
  rememberPages(root, { given: new Map([...all].slice(-MAX_SERVERS)) });
}

/** For a process that follows this one, should this one be killed before it can say more. */
export function handOnEarly(): PageMemories {
  return memories();
}

/** For the process that follows this one. */
export function handOnPages(): PageMemories {
  for (const collect of collectors().values()) collect();
  return memories();
}

/** Go on from the process that this one follows. */
export function takePages(known: PageMemories): void {
  for (const [root, memory] of known) memories().set(root, memory);
}
