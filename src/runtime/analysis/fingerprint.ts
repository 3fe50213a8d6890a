import { createHash } from "node:crypto";
import type { Node } from "./syntax.ts";

/** Where something stands in the text says nothing about what it does. */
const POSITIONS: ReadonlySet<string> = new Set(["start", "end", "range", "loc", "parent"]);

/**
 * A digest of a program that is equal for two texts which do the same in every respect but source positions:
 * comments, formatting and (after the transform) types do not count. Everything else that the parser says does, by
 * the name of the field that says it, so that no two different programs look alike.
 *
 * @param aliases names that mean something else in the next text, and what stands for them
 */
export function fingerprintOf(program: Node, aliases: ReadonlyMap<string, string> = NO_ALIASES): string {
  const said: string[] = [];
  say(program, said, aliases);
  return createHash("md5").update(said.join("\0")).digest("base64");
}

const NO_ALIASES: ReadonlyMap<string, string> = new Map();

function say(value: unknown, said: string[], aliases: ReadonlyMap<string, string>): void {
  if (typeof value === "string") {
    said.push(aliases.get(value) ?? value);
  } else if (typeof value !== "object" || value === null) {
    said.push(typeof value === "bigint" ? `${value}n` : String(value));
  } else if (Array.isArray(value)) {
    said.push(`[${value.length}`);
    for (const item of value as readonly unknown[]) say(item, said, aliases);
  } else {
    said.push("{");
    for (const key in value) {
      if (POSITIONS.has(key)) continue;
      said.push(key);
      say(Reflect.get(value, key), said, aliases);
    }
    said.push("}");
  }
}
