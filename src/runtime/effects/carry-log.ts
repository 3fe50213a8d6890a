import { debuglog } from "node:util";
import type { Generation } from "../model/generation.ts";

const log = debuglog("orbit:carry");

/** Say that a value which an initializer has made goes on, and why; with `NODE_DEBUG=orbit:carry`. */
export function logCarried(
  { module }: Generation,
  name: string,
  as: "open" | "remembered" | undefined,
): void {
  log(
    "%s:%s goes on: %s",
    module.displayName,
    name,
    as === "open" ? "it is open" : "a package refuses another",
  );
}

/** Say that an initializer makes another value than before, and why. */
export function logMadeAnew({ module }: Generation, name: string, why: string): void {
  log("%s:%s is made anew: %s", module.displayName, name, why);
}

interface Told {
  readonly name: string;
  readonly why: string;
}

/** Say what a commit has kept of the values of before. */
export function logValues(values: {
  readonly kept: readonly string[];
  readonly reset: readonly Told[];
  readonly outdated: readonly Told[];
}): void {
  if (!log.enabled) return;
  if (values.kept.length > 0) log("kept %s", values.kept.join(", "));
  for (const { name, why } of values.reset) log("reset %s: %s", name, why);
  for (const { name, why } of values.outdated) log("still old %s: %s", name, why);
}
