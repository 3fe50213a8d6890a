import { readFileSync } from "node:fs";
import path from "node:path";
import { classifySettings } from "../../settings/classify-settings.ts";
import { isInstallationRecord } from "../../settings/settings-files.ts";
import { disk } from "../../disk/disk.ts";
import { findInstallationRecord, installationRecords } from "../../disk/project-settings.ts";

/** An installation that has not written anything for two looks is complete. */
const LOOK_MS = 400;

/**
 * Tells when an installation has replaced packages that this process may have loaded. What is installed, not what is
 * asked for, decides: an edited `package.json` waits for its installation, and nothing happens while one is running.
 */
export class Installation {
  readonly #root: string;
  readonly #onReplaced: () => void;
  readonly #loaded: Installed | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, onReplaced: () => void) {
    this.#root = root;
    this.#onReplaced = onReplaced;
    this.#loaded = readInstalled(root);
  }

  /** A manifest or a lock file says something else: look on until packages are replaced. */
  noteChange(): void {
    if (this.#timer !== undefined) return;
    let before = this.#look();
    this.#timer = setInterval(() => {
      const now = this.#look();
      if (now === before && this.#isReplaced()) {
        this.close();
        this.#onReplaced();
      }
      before = now;
    }, LOOK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #isReplaced(): boolean {
    const [loaded, now] = [this.#loaded, readInstalled(this.#root)];
    // Nobody had recorded what is installed: the edit itself has to do.
    if (loaded === undefined) return true;
    // The record is deleted first and written last.
    if (now === undefined || (isInstallationRecord(loaded.file) && !isInstallationRecord(now.file)))
      return false;
    const save = { file: now.file, kind: "lockfile", before: loaded.text, after: now.text } as const;
    return classifySettings(save, () => undefined)?.effect === "packages";
  }

  /** The stamps of everything that an installation writes. */
  #look(): string {
    const own = ["package.json", "node_modules"].map((name) => path.join(this.#root, name));
    return [...own, ...installationRecords(this.#root), findInstallationRecord(this.#root) ?? this.#root]
      .map((file) => {
        const stamp = disk.stamp(file);
        return stamp === undefined ? "" : `${stamp.mtimeNs} ${stamp.size} ${stamp.inode}`;
      })
      .join();
  }
}

interface Installed {
  readonly file: string;
  readonly text: string;
}

function readInstalled(root: string): Installed | undefined {
  const file = findInstallationRecord(root);
  if (file === undefined) return undefined;
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch {
    // Replaced at this very moment: the next look finds it.
    return undefined;
  }
}
