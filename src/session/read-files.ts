import { existsSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { FileStamps } from "../disk/file-stamps.ts";
import type { Clock } from "../reload/clock.ts";
import type { FileRead } from "../runtime/index.ts";
import { isOfPackage } from "../protocol/package-files.ts";
import { linksOnPath, readName, withoutMark } from "../disk/disk.ts";

const ASKS: readonly FileRead["asks"][] = ["content", "status", "existence", "link"];

/** What the system invents has no stamp. */
const INVENTED = /^\/(?:dev|proc|sys)(?:\/|$)/;

/** How long a watcher may take to begin with a file: nearly always, and where the machine is busy. */
const WATCHING_AFTER_MS = [100, 1000] as const;

/** What is told of files that are read outside of the root. */
interface ReadFilesSession {
  readonly server: { watch(file: string): void };
  readonly reloads: { noteEvent(file: string): void };
}

/** The files and folders that server modules read while they evaluate, each known by what was asked of it. */
export class ReadFiles {
  readonly #known: FileStamps;
  readonly #root: string;
  readonly #clock: Clock;
  readonly #session: ReadFilesSession;
  /** By name: which file it is, whatever links lead to it. */
  readonly #files = new Map<string, string>();
  readonly #watched = new Set<string>();

  constructor(init: {
    readonly root: string;
    readonly known: FileStamps;
    readonly clock: Clock;
    readonly session: ReadFilesSession;
  }) {
    this.#root = init.root;
    this.#known = init.known;
    this.#clock = init.clock;
    this.#session = init.session;
  }

  /** Called right before a read. Returns under which names a change will show; none where no change counts. */
  noteRead({ asks, path: asked }: FileRead): readonly string[] {
    const file = asks === "link" ? ownPlace(asked) : realPlace(asked);
    const place = this.#inRoot(file) ?? file;
    // Packages are loaded once: nobody edits them.
    if (isOfPackage(place) || INVENTED.test(place)) return [];
    const links = linksOnPath(asked).map((link) => this.#note("link", link));
    const name = this.#note(asks, file);
    if (asks === "content") this.#watchOutside(file);
    return [...new Set([...links, name])];
  }

  forget(names: readonly string[]): void {
    for (const name of names) {
      this.#files.delete(name);
      this.#known.forget(name);
    }
  }

  /**
   * Called right before this process writes, moves or removes files. Nothing of them shows as changed until the
   * returned function is called; what they say by then is known.
   */
  noteWrite(written: readonly string[]): (() => void) | undefined {
    if (this.#files.size === 0) return undefined;
    const tops = written.map(topmostMissing);
    const isTouched = (file: string): boolean =>
      tops.some((top) => file === top || file === path.dirname(top) || file.startsWith(top + path.sep));
    const touched = [...this.#files].flatMap(([name, file]) => (isTouched(file) ? [name] : []));
    return touched.length === 0 ? undefined : this.#known.suspend(touched);
  }

  /** All names under which a file may be known: as what it is, and by what was asked of it. */
  namesOf(name: string): readonly string[] {
    if (this.#files.size === 0) return [name];
    const file = withoutMark(name);
    const real = realPlace(file);
    return [name, file, ...ASKS.map((asks) => readName(asks, real)), readName("link", ownPlace(file))];
  }

  /** Vite has restarted, and watches its root only. */
  watchAgain(): void {
    this.#watched.clear();
    for (const [name, file] of this.#files) if (name === readName("content", file)) this.#watchOutside(file);
  }

  #note(asks: FileRead["asks"], file: string): string {
    const name = readName(asks, file);
    // The oldest look counts: others may have read what it said then.
    this.#known.noteFolder(name);
    this.#files.set(name, file);
    return name;
  }

  /** How a file is called in the root; `undefined` for one that lies elsewhere. */
  #inRoot(file: string): string | undefined {
    const root = realPlace(this.#root) + path.sep;
    return file.startsWith(root) ? file.slice(root.length - 1) : undefined;
  }

  /** A folder would be watched with all that is in it: there the next request finds out. */
  #watchOutside(file: string): void {
    if (this.#watched.has(file) || this.#inRoot(file) !== undefined) return;
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return;
    this.#watched.add(file);
    this.#session.server.watch(file);
    // It tells nothing of what is saved before it has begun.
    for (const ms of WATCHING_AFTER_MS) this.#clock.after(ms, () => this.#session.reloads.noteEvent(file));
  }
}

/** Where a path leads, also if nothing is there yet. */
function realPlace(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return ownPlace(file);
  }
}

/** Where something lies that may be a link itself. */
function ownPlace(file: string): string {
  const folder = path.dirname(file);
  return folder === file ? file : path.join(realPlace(folder), path.basename(file));
}

/** `mkdir -p a/b/c` shows in the folder that gets `a`. */
function topmostMissing(written: string): string {
  let top = ownPlace(written);
  while (path.dirname(top) !== top && !existsSync(path.dirname(top))) top = path.dirname(top);
  return top;
}
