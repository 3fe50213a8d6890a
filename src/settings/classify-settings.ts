import { classifyCompilerSettings } from "./classify-compiler-settings.ts";
import { classifyLockfile } from "./classify-lockfile.ts";
import { classifyManifest } from "./classify-manifest.ts";
import { strongestEffect } from "./settings-impact.ts";
import type { SettingsImpact } from "./settings-impact.ts";
import type { SettingsKind } from "./settings-files.ts";
import { parseSettings } from "./settings-json.ts";

/** A settings file before and after a save; `undefined` where it does not exist. */
export interface SettingsSave {
  readonly file: string;
  readonly kind: SettingsKind;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A digest that is equal for configs which say the same; `undefined` for a text that cannot be parsed. */
export type Fingerprint = (file: string, text: string) => string | undefined;

/**
 * Decide what a save of a settings file makes necessary. What is not known to be without effect has one.
 *
 * @returns `undefined` for a text that cannot be read: it is half written, and the next save decides.
 */
export function classifySettings(save: SettingsSave, fingerprint: Fingerprint): SettingsImpact | undefined {
  const { file, kind, before, after } = save;
  if (before === after) return NOTHING;
  if (kind === "lockfile") return classifyLockfile(before, after);
  if (kind === "config") {
    // A broken one is tried, too: whoever loads it says what is wrong, in words its users know.
    const meaning = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : (fingerprint(file, text) ?? `broken: ${text}`);
    return meaning(before) === meaning(after) ? NOTHING : { effect: "server", parts: [] };
  }
  const old = before === undefined ? {} : parseSettings(before);
  const now = after === undefined ? {} : parseSettings(after);
  if (now === undefined) return undefined;
  // Nobody has seen yet what a text said that could not be read.
  if (old === undefined) return { effect: "transform", parts: [] };
  const impact = kind === "manifest" ? classifyManifest(old, now) : classifyCompilerSettings(old, now);
  if (before !== undefined && after !== undefined) return impact;
  // Which file of its kind applies changes with the coming and going of one, whatever it says.
  const least = kind === "manifest" ? "resolve" : "transform";
  return { ...impact, effect: strongestEffect([impact.effect, least]) };
}

const NOTHING: SettingsImpact = { effect: "nothing", parts: [] };
