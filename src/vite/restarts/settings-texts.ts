import { readFileSync } from "node:fs";
import { classifySettings } from "../../settings/classify-settings.ts";
import type { SettingsImpact } from "../../settings/settings-impact.ts";
import { settingsKindOf } from "../../settings/settings-files.ts";
import type { SettingsKind } from "../../settings/settings-files.ts";
import { configFingerprint } from "./config-fingerprint.ts";

/** What the settings files of a project said when they were last taken in. */
export class SettingsTexts {
  readonly #texts = new Map<string, string | undefined>();
  /** Files that could not be read since: what depends on them may have failed. */
  readonly #unreadable = new Set<string>();

  /** Called right after the stamp of a file was taken: what it says now is in use. */
  note(file: string): void {
    if (!this.#texts.has(file)) this.#texts.set(file, readText(file));
  }

  /** Judge what a file says now, and take it in. `undefined` for the same text, and while it is half written. */
  classify(file: string): SettingsImpact | undefined {
    const kind = settingsKindOf(file) ?? "compiler";
    const classified = this.compare(file, kind);
    if (classified === undefined) return undefined;
    const { impact, text } = classified;
    if (impact === undefined) {
      this.#unreadable.add(file);
      return undefined;
    }
    // What a deleted lock file said is installed still.
    if (kind !== "lockfile" || text !== undefined) this.accept(file, text);
    const isReadableAgain = this.#unreadable.delete(file);
    return isReadableAgain && impact.effect === "nothing" ? READABLE_AGAIN : impact;
  }

  /** Judge what a file says now, without taking it in. `undefined` for the same text. */
  compare(
    file: string,
    kind: SettingsKind,
  ): { readonly impact: SettingsImpact | undefined; readonly text: string | undefined } | undefined {
    // A config that was saved while the server started may or may not be what the server runs with.
    const isUnknown = kind === "config" && !this.#texts.has(file);
    const before = isUnknown ? "" : this.#texts.get(file);
    const text = readText(file);
    if (text === before && !isUnknown && !this.#unreadable.has(file)) return undefined;
    return { impact: classifySettings({ file, kind, before, after: text }, configFingerprint), text };
  }

  /** From now on, this is what a file says. */
  accept(file: string, text: string | undefined): void {
    this.#texts.set(file, text);
  }
}

const READABLE_AGAIN: SettingsImpact = { effect: "transform", parts: [] };

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Deleted, or not ours to read: it says nothing.
    return undefined;
  }
}
