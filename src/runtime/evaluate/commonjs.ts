import type { Generation } from "../model/generation.ts";
import { isObjectLike } from "../../values/kinds.ts";

/**
 * Make a CommonJS file's exports importable, as Node does: `default` is `module.exports`, whatever that holds, and a name
 * is what it is when the file has run. Node guesses the names from the text; here all are known.
 */
export function exposeCommonJs({ locals }: Generation, exports: unknown): void {
  locals.clear();
  locals.set("default", () => exports);
  if (EXPORTS_WHOLE) locals.set("module.exports", () => exports);
  if (!isObjectLike(exports) || Array.isArray(exports) || ArrayBuffer.isView(exports)) return;
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    const isNamed = property.enumerable === true || name === "__esModule";
    if (!isNamed || locals.has(name)) continue;
    const { value } = property;
    locals.set(name, "value" in property ? () => value as unknown : () => Reflect.get(exports, name));
  }
}

/** What `require` answers: `module.exports`. */
export function requiredValue(generation: Generation | undefined): unknown {
  return generation?.locals.get("default")?.();
}

/** From this version on, Node exports `module.exports` under its own name as well. */
const EXPORTS_WHOLE = Number.parseInt(process.versions.node, 10) >= 23;
