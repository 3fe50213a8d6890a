import type { Generation } from "../model/generation.ts";
import { isObjectLike } from "../../values/kinds.ts";

/** Make a CommonJS file's exports importable by name: `default` is `module.exports`, as in Node. */
export function exposeCommonJs(generation: Generation, exports: unknown): void {
  generation.locals.clear();
  const isTranspiled = isObjectLike(exports) && "__esModule" in exports && "default" in exports;
  generation.locals.set("default", () => (isTranspiled ? exports.default : exports));
  generation.locals.set("module.exports", () => exports);
  if (!isObjectLike(exports)) return;
  for (const name of Object.keys(exports)) {
    if (name !== "default") generation.locals.set(name, () => Reflect.get(exports, name));
  }
}
