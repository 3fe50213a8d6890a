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

/** What the change of a settings file means. */
export interface SettingsImpact {
  readonly effect: SettingsEffect;
  /** What changed in it, such as `compilerOptions.paths`. Empty where that cannot be named. */
  readonly parts: readonly string[];
}

/** The strongest effect of several. */
export function strongestEffect(effects: readonly SettingsEffect[]): SettingsEffect {
  return EFFECTS.findLast((effect) => effects.includes(effect)) ?? "nothing";
}

const EFFECTS: readonly SettingsEffect[] = ["nothing", "resolve", "transform", "server", "packages"];
