import { FileStamps } from "../../../src/disk/file-stamps.ts";
import { Reloads } from "../../../src/reload/reloads.ts";
import type { Readiness, UpdateOutcome } from "../../../src/reload/ports.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeDisk } from "./fake-disk.ts";

/** Why a fake entry is broken. */
export interface FakeProblem {
  readonly mayPass: boolean;
  readonly text: string;
}

type Entries = Readonly<Record<string, readonly string[]>>;

/**
 * A project without code: an entry is its files, and what it answers is their texts as they were read last. A text
 * that begins with `!` cannot be loaded, one that begins with `?` cannot be loaded now.
 */
export class FakeProject {
  readonly clock: FakeClock = new FakeClock();
  readonly disk: FakeDisk = new FakeDisk();
  readonly known: FileStamps = new FileStamps(this.disk);
  readonly loop: Reloads<FakeProblem>;
  readonly log: string[] = [];
  /** Awaited by each update after it has read the texts, and before they are live. */
  holdUpdate: () => Promise<void> = async () => {};
  /** Awaited while changes are taken in: the disk does not show them any more, and nothing is outdated yet. */
  holdApply: (() => Promise<void>) | undefined;
  /** Called as each text is read. */
  onRead: (file: string) => void = () => {};
  isUnsettled = false;
  isShownOnDisk = true;
  isContent = true;
  /** Attempts at a text with `?` that fail. */
  failuresLeft = Infinity;
  #revision = 0;
  readonly #entries: Entries;
  readonly #outdated = new Set<string>();
  readonly #newest = new Map<string, string>();
  readonly #live = new Map<string, string>();
  readonly #problems = new Map<string, FakeProblem>();

  constructor(entries: Entries, { debounceMs = 100, maxRetries = 3 } = {}) {
    this.#entries = entries;
    for (const file of new Set(Object.values(entries).flat())) this.disk.write(file, "1");
    for (const file of new Set(Object.values(entries).flat())) this.#outdated.add(file);
    this.disk.time += 10_000;
    this.loop = new Reloads<FakeProblem>({
      known: this.known,
      clock: this.clock,
      settings: { debounceMs, maxRetries },
      ports: {
        revision: () => this.#revision,
        pathsOf: (...urls) => [...new Set(urls.flatMap((url) => this.#filesOf(url)))],
        namesOf: (file) => [file],
        isContent: () => this.isContent,
        isCurrent: (entry) => this.#filesOf(entry).every((file) => this.#isCurrent(file)),
        outdatedEntries: () =>
          new Set(
            Object.keys(entries).filter(
              (entry) => !this.#filesOf(entry).every((file) => this.#isCurrent(file)),
            ),
          ),
        isShownOnDisk: () => this.isShownOnDisk,
        applyFileChanges: async (changed) => this.#applyFileChanges(changed),
        update: async (names, isRetry) => this.#update(names, isRetry),
        basePaths: () => [],
        isUnsettled: () => this.isUnsettled,
        lookAround: async () => undefined,
        onBroken: (entry, { text }, retries) => this.log.push(`broken ${entry} ${text} ${retries}`),
        onRecovered: (names) => this.log.push(`recovered ${names.join()}`),
        onQuiet: () => this.log.push("quiet"),
        onFailure: (error) => this.log.push(`failure ${String(error)}`),
      },
    });
  }

  /** Ask for an entry as a request does. */
  async ask(entry: string): Promise<string> {
    const readiness: Readiness<FakeProblem> = await this.loop.ready(entry);
    if (readiness.status === "broken") return readiness.problem.text;
    return this.#filesOf(entry)
      .map((file) => this.#live.get(file))
      .join("+");
  }

  /** What happened since this was asked last. */
  takeLog(): string[] {
    return this.log.splice(0);
  }

  #filesOf(entry: string): readonly string[] {
    return this.#entries[entry] ?? [];
  }

  #isCurrent(file: string): boolean {
    return (
      !this.#outdated.has(file) && this.#live.has(file) && this.#live.get(file) === this.#newest.get(file)
    );
  }

  async #applyFileChanges(changed: readonly string[]): Promise<void> {
    this.log.push(`apply ${changed.join()}`);
    if (this.holdApply !== undefined) {
      for (const file of changed) this.known.acknowledge(file);
      await this.holdApply();
    }
    for (const file of changed) this.#outdated.add(file);
    this.#revision++;
  }

  async #update(entries: readonly string[], isRetry: boolean): Promise<UpdateOutcome<FakeProblem>> {
    const files = [...new Set(entries.flatMap((entry) => this.#filesOf(entry)))];
    const texts = new Map<string, string>();
    for (const file of files) {
      // As in the runtime: what is being read is not outdated any more, although nothing of it runs yet.
      this.#outdated.delete(file);
      this.known.noteRead(file);
      texts.set(file, this.disk.read(file) ?? "!gone");
      this.onRead(file);
    }
    await this.holdUpdate();
    for (const [file, text] of texts) {
      this.#newest.set(file, text);
      // Worse than the runtime: what was found meanwhile is forgotten, and only the disk can tell.
      this.#outdated.delete(file);
    }
    const problem = this.#problemOf(files, texts, isRetry);
    if (problem !== undefined) {
      this.log.push(`${isRetry ? "retry" : "update"} ${entries.join()} failed`);
      return { status: "failed", problem };
    }
    const isNew = files.some((file) => this.#live.get(file) !== texts.get(file));
    for (const [file, text] of texts) this.#live.set(file, text);
    if (!isNew) return { status: "unchanged" };
    this.#revision++;
    this.log.push(`${isRetry ? "retry" : "update"} ${entries.join()} committed`);
    return { status: "committed" };
  }

  /** As in the runtime, a failure is remembered: nothing is tried again unasked while the texts are the same. */
  #problemOf(
    files: readonly string[],
    texts: ReadonlyMap<string, string>,
    isRetry: boolean,
  ): FakeProblem | undefined {
    for (const file of files) {
      const text = texts.get(file) ?? "";
      const mayPass = text.startsWith("?");
      if (!mayPass && !text.startsWith("!")) continue;
      const known = this.#problems.get(text);
      if (known !== undefined && !isRetry) return known;
      this.#problems.delete(text);
      if (mayPass && this.failuresLeft-- <= 0) continue;
      const problem = { mayPass, text };
      this.#problems.set(text, problem);
      return problem;
    }
    return undefined;
  }
}
