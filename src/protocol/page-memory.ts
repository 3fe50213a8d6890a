import { processSlot } from "./process-slot.ts";

/** What a server knows of the pages of a project, and the one that follows it has to know. */
export interface PageMemory {
  /** What pages show to be let in. */
  readonly token?: string | undefined;
  /** Digests of what browsers were given, by URL. */
  readonly given: ReadonlyMap<string, string>;
  /** What browsers see of the environment, as text. */
  readonly publicEnvironment?: string | undefined;
  /** Routes that somebody had asked for, by path. */
  readonly used: readonly string[];
  /** When {@link used} was noted, in epoch milliseconds. */
  readonly usedAt: number;
}

/** By root. */
export type PageMemories = ReadonlyMap<string, PageMemory>;

type Collector = () => Partial<PageMemory>;

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
    rememberPages(root, collect());
    if (collectors().get(root) === collect) collectors().delete(root);
  };
}

/** For a process that follows this one although this one cannot say any more what it has given to browsers. */
export function handOnEarly(): PageMemories {
  return new Map([...memories()].map(([root, memory]) => [root, { ...memory, given: new Map() }]));
}

/** For the process that follows this one. */
export function handOnPages(): PageMemories {
  for (const [root, collect] of collectors()) rememberPages(root, collect());
  return memories();
}

/** Go on from the process that this one follows. */
export function takePages(known: PageMemories): void {
  for (const [root, memory] of known) memories().set(root, memory);
}
