import path from "node:path";
import { compileFunction, constants } from "node:vm";
import type { Generation } from "../model/generation.ts";
import { isObjectLike } from "../../values/kinds.ts";

type Require = (specifier: string) => unknown;

/** A CommonJS file, or a JSON file that CommonJS requires. */
export interface CompiledCommonJs {
  readonly format: "commonjs";
  readonly scriptName: string;
  /** Run it and return `module.exports`. `onExports` is called first, so that cycles see what is there so far. */
  run(file: string, require: Require, onExports: (exports: unknown) => void): unknown;
}

/** Compile a CommonJS file as Node does: sloppy mode, with `module`, `exports`, `require` and the two names. */
export function compileCommonJs(code: string, scriptName: string, isJson: boolean): CompiledCommonJs {
  if (isJson) {
    const parsed: unknown = JSON.parse(code);
    return { format: "commonjs", scriptName, run: () => parsed };
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are the parameters of the text below
  const factory = compileFunction(
    code.replace(/^#!.*/, ""),
    ["exports", "require", "module", "__filename", "__dirname"],
    { filename: scriptName, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  ) as (...scope: unknown[]) => void;
  return {
    format: "commonjs",
    scriptName,
    run(file, require, onExports) {
      const module = { exports: {} as unknown };
      onExports(module.exports);
      factory.call(module.exports, module.exports, require, module, file, path.dirname(file));
      return module.exports;
    },
  };
}

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
