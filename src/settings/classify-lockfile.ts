import type { SettingsImpact } from "./settings-impact.ts";
import { changedKeys, isSameData, parseSettings, settingsAt } from "./settings-json.ts";

/** Judge a change of what says which versions are installed. A deleted one says nothing. */
export function classifyLockfile(
  before: string | undefined,
  after: string | undefined,
): SettingsImpact | undefined {
  if (after === undefined) return { effect: "nothing", parts: [] };
  if (after.trimStart().startsWith("{") || before?.trimStart().startsWith("{") === true)
    return classifyJson(before, after);
  return classifyText(before, after);
}

function classifyJson(before: string | undefined, after: string): SettingsImpact | undefined {
  const old = before === undefined ? {} : parseSettings(before);
  const now = parseSettings(after);
  if (now === undefined) return undefined;
  if (old === undefined || !("packages" in now)) return isSameData(old, now) ? NOTHING : OTHERS;
  // What npm itself wrote into an entry, such as `dev` or `funding`, installs nothing else.
  const [installed, installing] = [settingsAt(old, "packages"), settingsAt(now, "packages")];
  const places = changedKeys(installed, installing, isSamePackage).filter((place) => place !== "");
  if (places.length === 0) return NOTHING;
  const parts = places.map((place) => describe(nameOf(place), installed[place], installing[place]));
  return { effect: "packages", parts };
}

function classifyText(before: string | undefined, after: string): SettingsImpact {
  return before !== undefined && withoutComments(before) === withoutComments(after) ? NOTHING : OTHERS;
}

const NOTHING: SettingsImpact = { effect: "nothing", parts: [] };
const OTHERS: SettingsImpact = { effect: "packages", parts: [] };

/** What decides about the files of a package. */
const CONTENTS = ["version", "resolved", "integrity", "link"] as const;

function isSamePackage(a: unknown, b: unknown): boolean {
  return isSameData(contentsOf(a), contentsOf(b));
}

function contentsOf(entry: unknown): unknown {
  // `bun.lock` has lists.
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
  return CONTENTS.map((key) => Reflect.get(entry, key) as unknown);
}

function nameOf(place: string): string {
  return place.replace(/^.*node_modules\//, "");
}

function describe(name: string, before: unknown, after: unknown): string {
  if (after === undefined) return `${name} is gone`;
  const [old, now] = [versionOf(before), versionOf(after)];
  if (before === undefined) return `${name}${now} is new`;
  return old === now ? name : `${name}${old} →${now}`;
}

function versionOf(entry: unknown): string {
  const version: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "version") : "";
  return typeof version === "string" && version !== "" ? ` ${version}` : "";
}

function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*(?:#.*)?\r?\n/gm, "").trimEnd();
}
