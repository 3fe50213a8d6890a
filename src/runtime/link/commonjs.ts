import path from "node:path";
import type { SourceMapLike } from "../host.ts";
import type { CompiledCommonJs } from "../model/compiled.ts";
import { compileText } from "./debugging.ts";

/** Compile a CommonJS file as Node does: sloppy mode, with `module`, `exports`, `require` and the two names. */
export function compileCommonJs(init: {
  readonly code: string;
  readonly scriptName: string;
  readonly file: string;
  readonly map: SourceMapLike | undefined;
  readonly isJson: boolean;
}): CompiledCommonJs {
  const { code, scriptName, isJson } = init;
  if (isJson) {
    const parsed: unknown = JSON.parse(code);
    return { format: "commonjs", scriptName, run: () => parsed };
  }
  const factory = compileText({
    ...init,
    body: code.replace(/^#!.*/, ""),
    prefixLength: 0,
    parameters: ["exports", "require", "module", "__filename", "__dirname"],
  });
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
