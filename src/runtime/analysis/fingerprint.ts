import { createHash } from "node:crypto";
import type { Node } from "./syntax.ts";

/** Where something stands in the text says nothing about what it does. */
const POSITIONS: ReadonlySet<string> = new Set(["start", "end", "range", "loc", "parent"]);

/**
 * A digest of a program that is equal for two texts which do the same in every respect but source positions:
 * comments, formatting and (after the transform) types do not count. Everything else that the parser says does, by
 * the name of the field that says it, so that no two different programs look alike.
 */
export function fingerprintOf(program: Node): string {
  const said: string[] = [];
  say(program, said);
  return createHash("md5").update(said.join("\0")).digest("base64");
}

function say(value: unknown, said: string[]): void {
  if (typeof value !== "object" || value === null) {
    said.push(typeof value === "bigint" ? `${value}n` : String(value));
  } else if (Array.isArray(value)) {
    said.push(`[${value.length}`);
    for (const item of value as readonly unknown[]) say(item, said);
  } else {
    said.push("{");
    for (const key in value) {
      if (POSITIONS.has(key)) continue;
      said.push(key);
      say(Reflect.get(value, key), said);
    }
    said.push("}");
  }
}
