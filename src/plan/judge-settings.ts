import { judgeCompilerSettings } from "./judge-compiler-settings.ts";
import { judgeLockfile } from "./judge-lockfile.ts";
import { judgeManifest } from "./judge-manifest.ts";
import { parseSettings } from "./settings-json.ts";

/** What a change in settings makes necessary. Ordered from nothing to everything. */
export type SettingsEffect =
  /** Nothing that runs depends on what changed. */
  | "nothing"
  /** Imports may lead elsewhere. */
  | "resolve"
  /** The same texts may compile to other code. */
  | "transform"
  /** The server itself is configured by it. */
  | "server"
  /** Other packages than this process has loaded. */
  | "packages";

/** What a settings file is for. */
export type SettingsKind = "compiler" | "manifest" | "lockfile" | "config";

/** A settings file before and after a save; `undefined` where it does not exist. */
export interface SettingsSave {
  readonly file: string;
  readonly kind: SettingsKind;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What the change of a settings file means. */
export interface Judgement {
  readonly effect: SettingsEffect;
  /** What changed in it, such as `compilerOptions.paths`. Empty where that cannot be named. */
  readonly parts: readonly string[];
}

/** A digest that is equal for configs which say the same; `undefined` for a text that cannot be parsed. */
export type Fingerprint = (file: string, text: string) => string | undefined;

/**
 * Decide what a save of a settings file makes necessary. What is not known to be without effect has one.
 *
 * @returns `undefined` for a text that cannot be read: it is half written, and the next save decides.
 */
export function judgeSettings(save: SettingsSave, fingerprint: Fingerprint): Judgement | undefined {
  const { file, kind, before, after } = save;
  if (before === after) return NOTHING;
  if (kind === "lockfile") return judgeLockfile(before, after);
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
  const judgement = kind === "manifest" ? judgeManifest(old, now) : judgeCompilerSettings(old, now);
  if (before !== undefined && after !== undefined) return judgement;
  // Which file of its kind applies changes with the coming and going of one, whatever it says.
  const least = kind === "manifest" ? "resolve" : "transform";
  return { ...judgement, effect: strongestEffect([judgement.effect, least]) };
}

/** What a file beside the code is for, by its name. Bases that `tsconfig.json` extends have any name. */
export function settingsKindOf(file: string): SettingsKind {
  if (nameOf(file) === "package.json") return "manifest";
  return isLockfile(file) ? "lockfile" : "compiler";
}

/** Whether a file says which versions of packages are to be installed, or are. */
export function isLockfile(file: string): boolean {
  return LOCKFILES.has(nameOf(file));
}

function nameOf(file: string): string {
  return file.slice(file.search(/[^/\\]*$/));
}

/** The strongest effect of several. */
export function strongestEffect(effects: readonly SettingsEffect[]): SettingsEffect {
  return EFFECTS.findLast((effect) => effects.includes(effect)) ?? "nothing";
}

const NOTHING: Judgement = { effect: "nothing", parts: [] };
const EFFECTS: readonly SettingsEffect[] = ["nothing", "resolve", "transform", "server", "packages"];

/** What package managers write: into the project, and into `node_modules` when an installation is complete. */
const LOCKFILES: ReadonlySet<string> = new Set([
  "package-lock.json",
  "npm-shrinkwrap.json",
  ".package-lock.json",
  "pnpm-lock.yaml",
  "lock.yaml",
  "yarn.lock",
  ".yarn-state.yml",
  ".yarn-integrity",
  "bun.lock",
  "bun.lockb",
]);
