import path from "node:path";
import vm from "node:vm";
import type { CompiledCommonJs } from "../model/compiled.ts";

/** Compile a CommonJS file as Node does: sloppy mode, with `module`, `exports`, `require` and the two names. */
export function compileCommonJs(code: string, scriptName: string, isJson: boolean): CompiledCommonJs {
  if (isJson) {
    const parsed: unknown = JSON.parse(code);
    return { format: "commonjs", scriptName, run: () => parsed };
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are the parameters of the text below
  const factory = vm.compileFunction(
    code.replace(/^#!.*/, ""),
    ["exports", "require", "module", "__filename", "__dirname"],
    { filename: scriptName, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
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
