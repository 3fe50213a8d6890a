import { processSlot } from "./process-slot.ts";

/** What messages to pages and programs are ordered by. It outlives sessions, and a process that is followed by another. */
export interface Counters {
  /** Names a server through its restarts; one that had to be killed is followed by another. */
  readonly build: string;
  /** How many messages pages were sent. */
  readonly seq: number;
  /** Counts commits. */
  readonly version: number;
}

interface HeldCounters {
  build: string;
  seq: number;
  /** That of the process before. */
  handedVersion: number;
  readonly versionsByRoot: Map<string, number>;
}

const held = (): HeldCounters =>
  processSlot("counters@1", () => ({
    build: Math.random().toString(36).slice(2) + Date.now().toString(36),
    seq: 0,
    handedVersion: 0,
    versionsByRoot: new Map(),
  }));

/** The next message to pages. */
export function countMessage(): Pick<Counters, "build" | "seq"> {
  const counters = held();
  counters.seq++;
  return { build: counters.build, seq: counters.seq };
}

/** The last message to pages. */
export function lastMessage(): Pick<Counters, "build" | "seq"> {
  const { build, seq } = held();
  return { build, seq };
}

/** A project has another version. */
export function noteVersion(root: string, version: number): void {
  held().versionsByRoot.set(root, version);
}

/** The version that a project had before, in this process or the one that it follows. */
export function versionBefore(root: string): number {
  const { versionsByRoot, handedVersion } = held();
  return versionsByRoot.get(root) ?? handedVersion;
}

/** For the process that follows this one. */
export function handOnCounters(): Counters {
  const { build, seq, handedVersion, versionsByRoot } = held();
  return { build, seq, version: Math.max(handedVersion, ...versionsByRoot.values()) };
}

/** Go on from the process that this one follows. */
export function takeCounters({ build, seq, version }: Partial<Counters>): void {
  const counters = held();
  if (build !== undefined) counters.build = build;
  if (seq !== undefined) counters.seq = seq;
  if (version !== undefined) counters.handedVersion = version;
}
