import inspector from "node:inspector";
import { Worker } from "node:worker_threads";
import { blockFileOf, ownServerFiles, removeBlock } from "../instances/server-files.ts";
import type { BlockedServer } from "../instances/server-record.ts";
import { blockedLoopText } from "../protocol/blocked-loop.ts";
import type { BlockedLoop } from "../protocol/blocked-loop.ts";
import { processSlot } from "../protocol/process-slot.ts";

/*
 * Code that never comes back to the event loop stops everything: answers, saves, keys. Only another thread can say so.
 *
 *     main thread  ── beats ──>  shared memory  <── looks ──  a thread that does nothing else
 *          ^                                                        │ no beat for a second
 *          └──────── pause, ask where it is, go on <────────────────┤ (inspector, in this process: no port is open)
 *                                                                   ├──> one line into a file descriptor
 *                                                                   └──> a file, for who asks the server meanwhile
 */

/** What of the project runs right now: asked in the middle of it. */
type Describe = () => Pick<BlockedLoop, "place" | "route"> | undefined;

/** What the main thread says of itself in the middle of its code. */
interface Interrupted {
  readonly running?: ReturnType<Describe>;
  /** What stands beside the files by which the servers of this process are known, with the id of each. */
  readonly files: readonly (readonly [file: string, id: string])[];
}

/** Where it is told: in a terminal with what helps there, or as JSON to whoever supervises this process. */
interface Outlet {
  readonly descriptor: number;
  readonly help?: string;
}

const BEAT_MS = 250;
/** So long everybody may keep the loop busy: a large module may take that to load. */
const PATIENCE_MS = 1_000;

interface WatchedLoop {
  readonly describers: Set<Describe>;
  readonly interrupted: () => Interrupted;
  stop?: (() => void) | undefined;
}

const NAME = "blocked-loop@2";

const stderr: Outlet = { descriptor: 2, help: "End the server and start it again: state is kept." };
const outlet = (): { current: Outlet } => processSlot("blocked-loop-outlet@1", () => ({ current: stderr }));

/** Somebody supervises this process, and reads lines of JSON, each a {@link BlockedLoop}. */
export function superviseLoop(descriptor: number): void {
  outlet().current = { descriptor };
}

/**
 * Tell when server code keeps the event loop busy for more than a second, and where, and when that is over. While
 * somebody debugs nothing is told. Returns the undo.
 */
export function watchLoop(describe: Describe): () => void {
  const watched = processSlot(NAME, createWatch);
  watched.describers.add(describe);
  watched.stop ??= startThread(outlet().current);
  return () => {
    watched.describers.delete(describe);
    if (watched.describers.size > 0) return;
    watched.stop?.();
    watched.stop = undefined;
  };
}

function createWatch(): WatchedLoop {
  const describers = new Set<Describe>();
  const firstOf = (): ReturnType<Describe> => {
    for (const describe of describers) {
      const running = describe();
      if (running !== undefined) return running;
    }
    return undefined;
  };
  return {
    describers,
    interrupted: () => ({
      running: firstOf(),
      files: [...ownServerFiles()].map(([file, id]) => [blockFileOf(file), id]),
    }),
  };
}

function startThread(told: Outlet): () => void {
  const beats = new BigInt64Array(new SharedArrayBuffer(8));
  const beat = (): void => {
    // Who debugs stops the loop on purpose.
    Atomics.store(beats, 0, inspector.url() === undefined ? BigInt(Date.now()) : 0n);
  };
  beat();
  const timer = setInterval(beat, BEAT_MS).unref();
  // Asked by the other thread, on top of the code that keeps the loop busy.
  const question = `JSON.stringify(globalThis[Symbol.for("orbit-hmr:${NAME}")].interrupted())`;
  const program = [blockedLoopText, askMainThread, blockFiles].map((part) => part.toString()).join(", ");
  const thread = new Worker(`(${watchFromOutside.toString()})(${program})`, {
    eval: true,
    name: "orbit-hmr: watches the event loop",
    workerData: { ...told, beats, question, patienceMs: PATIENCE_MS },
    // It needs next to nothing, and is to take no more.
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    env: {},
    execArgv: [],
  });
  thread.unref();
  thread.on("error", () => undefined); // without it, nobody says that the loop is blocked
  // Whoever hears of its end is not blocked.
  thread.on("exit", () => {
    for (const file of ownServerFiles().keys()) removeBlock(file);
  });
  return () => {
    clearInterval(timer);
    void thread.terminate();
  };
}

/** The other thread's program. It is given as text, and has nothing but what it is given. */
function watchFromOutside(
  textOf: typeof blockedLoopText,
  ask: typeof askMainThread,
  createFiles: typeof blockFiles,
): void {
  const { workerData } = process.getBuiltinModule("node:worker_threads");
  const { writeSync } = process.getBuiltinModule("node:fs");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `startThread` has given
  const { beats, descriptor, help, question, patienceMs } = workerData as Outlet & {
    readonly beats: BigInt64Array;
    readonly question: string;
    readonly patienceMs: number;
  };
  const lookMs = 250;
  const lastBeat = (): number => Number(Atomics.load(beats, 0));
  let lookedAt = Date.now();
  let since = 0;
  let isAsking = false;
  let told: ReturnType<Describe>;
  const files = createFiles();

  const say = (isOver: boolean): void => {
    if (told === undefined) return;
    const blocked = { ...told, ms: Date.now() - since, isOver };
    const line = help === undefined ? JSON.stringify(blocked) : `[orbit] ${textOf(blocked, help)}`;
    try {
      writeSync(descriptor, `${line}\n`);
    } catch {
      // Nobody reads it, or not at the moment.
    }
  };
  const hear = (answer: Interrupted | undefined): void => {
    isAsking = false;
    // Only code of the project is worth telling: it may be anywhere else at the next look.
    if (answer?.running === undefined || lastBeat() !== since) return;
    told = answer.running;
    files.write(answer.files, { ...told, since, isSupervised: help === undefined });
    say(false);
  };
  const look = (): void => {
    const now = Date.now();
    // If this thread is late as well, the whole process rested.
    const isLate = now - lookedAt > lookMs * 3;
    lookedAt = now;
    if (isLate || isAsking) return;
    const beatAt = lastBeat();
    const isBlocked = beatAt !== 0 && now - beatAt > patienceMs;
    if (!isBlocked) {
      files.remove();
      say(true);
      told = undefined;
    } else if (told === undefined) {
      since = beatAt;
      isAsking = true;
      ask(question, patienceMs, hear);
    }
  };
  setInterval(look, lookMs);
}

/** What the other thread leaves for those who ask a server that is blocked. */
function blockFiles(): {
  write(files: Interrupted["files"], block: BlockedServer): void;
  remove(): void;
} {
  const { readFileSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const written = new Map<string, string>();
  return {
    write(files, block) {
      try {
        for (const [file, id] of files) {
          const text = `${JSON.stringify({ id, ...block })}\n`;
          // Whoever reads sees all of it.
          const temporary = `${file}.${process.pid}.tmp`;
          writeFileSync(temporary, text, { mode: 0o600 });
          renameSync(temporary, file);
          written.set(file, text);
        }
      } catch {
        // On this disk it is written for nobody: who asks waits until the end.
      }
    },
    remove() {
      try {
        // It may be another server's by now.
        for (const [file, text] of written) if (readFileSync(file, "utf8") === text) rmSync(file);
      } catch {
        // Somebody else has removed it.
      }
      written.clear();
    },
  };
}

/** Stops the main thread where it is, asks, and lets it go on. */
function askMainThread(
  question: string,
  patienceMs: number,
  hear: (answer: Interrupted | undefined) => void,
): void {
  type EvaluatedInPause = inspector.Debugger.EvaluateOnCallFrameReturnType;
  const { Session } = process.getBuiltinModule("node:inspector");
  const session = new Session();
  const end = (answer: Interrupted | undefined): void => {
    clearTimeout(patience);
    session.disconnect();
    hear(answer);
  };
  // Native code runs, which cannot be stopped.
  const patience = setTimeout(() => end(undefined), patienceMs);
  session.connectToMainThread();
  session.once("Debugger.paused", ({ params }) => {
    const callFrameId = params.callFrames[0]?.callFrameId ?? "";
    const expression = { callFrameId, expression: question, returnByValue: true };
    session.post("Debugger.evaluateOnCallFrame", expression, (_: Error | null, answer?: EvaluatedInPause) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the question's own answer
      end(JSON.parse(String(answer?.result.value ?? `{ "files": [] }`)) as Interrupted);
    });
  });
  session.post("Debugger.enable", () => session.post("Debugger.pause"));
}
