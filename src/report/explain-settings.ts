import { strongestEffect } from "../settings/settings-impact.ts";
import type { SettingsImpact, SettingsEffect } from "../settings/settings-impact.ts";
import { listOf } from "./lists.ts";

/** Who makes a change live that the running server cannot take in. */
export type Restart =
  /** Vite starts its server anew in the same process; modules and state live on. */
  | "vite"
  /** `orbiton dev` starts a new process and carries the state over. */
  | "process"
  /** The user: a plugin cannot replace the process that it runs in. */
  | "user";

/** A settings file that was saved, and what that leads to. */
export interface ClassifiedSettings extends SettingsImpact {
  /** Relative to the root. */
  readonly file: string;
  /** Asked of settings of the server, and of packages. */
  readonly restart: Restart;
}

/** Whether somebody has to start the server anew by hand. */
export function requiresRestart(classified: readonly ClassifiedSettings[]): boolean {
  return classified.some(({ effect, restart }) => needsRestart(effect) && restart === "user");
}

/** Whether the running server cannot take a change in. */
export function needsRestart(effect: SettingsEffect): boolean {
  return effect === "server" || effect === "packages";
}

/** Of two saves of one file, the one that matters more: they are told as one. */
export function stronger(
  before: ClassifiedSettings | undefined,
  now: ClassifiedSettings,
): ClassifiedSettings {
  const isWeaker = before !== undefined && strongestEffect([before.effect, now.effect]) !== now.effect;
  return isWeaker ? before : now;
}

/** `tsconfig.json changed (compilerOptions.paths): imports are resolved again`; one sentence for each consequence. */
export function explainSettings(classified: readonly ClassifiedSettings[]): string[] {
  const causes = new Map<string, string[]>();
  for (const { file, effect, parts, restart } of classified) {
    const what = parts.length === 0 ? "" : ` (${listOf(parts)})`;
    const key = consequence(effect, restart);
    causes.set(key, [...(causes.get(key) ?? []), `${file} changed${what}`]);
  }
  return [...causes].map(([follows, files]) => `${files.join(", ")}: ${follows}`);
}

function consequence(effect: SettingsEffect, restart: Restart): string {
  switch (effect) {
    case "nothing":
      return "nothing that runs depends on it";
    case "resolve":
      return "imports are resolved again";
    case "transform":
      return "modules are compiled again";
    case "packages":
      return `${RESTARTS[restart]} when they are installed`;
    case "server":
  }
  return RESTARTS[restart];
}

const RESTARTS: Readonly<Record<Restart, string>> = {
  vite: "Vite restarts its server",
  process: "the server restarts",
  user: "restart the server",
};
