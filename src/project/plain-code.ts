import path from "node:path";
import { programText } from "../graph/index.ts";
import type { BundlerSettings } from "./bundler-settings.ts";
import { loadOxc } from "./oxc.ts";
import type { TsconfigCache } from "./oxc.ts";

/** Reads the programs in texts: JavaScript without types, JSX, comments and layout. */
export interface PlainCode {
  /** Equal for two texts that are the same program. `undefined` for one that does not parse. */
  of(file: string, text: string): string | undefined;
  /** Compiler settings have changed. */
  forgetSettings(): void;
}

/** Printed anew, so that nothing is left of how it was written. */
const BARE = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

const COMPILE_JSX = { lang: "jsx", jsx: { runtime: "automatic" }, tsconfig: false, sourcemap: false };

/** Takes types out as the bundler does. */
export function createPlainCode(bundler: BundlerSettings): PlainCode {
  const oxc = loadOxc();
  const settings: TsconfigCache = new oxc.TsconfigCache(bundler.tsconfig);
  /** Folders whose compiler settings leave JSX as it is, for a plugin: there it is compiled at once. */
  const withJsxLeft = new Set<string>();

  const printed = (file: string, code: string): string => oxc.minifySync(`${file}.js`, code, BARE).code;
  /** What the transformer has printed is not printed again where reading it does. Printing says, too, what is no JavaScript. */
  const bared = (file: string, code: string): string => {
    const mayHoldJsx = file.endsWith("x") && /<\/|\/>/.test(code);
    return (mayHoldJsx ? undefined : programText(code)) ?? printed(file, code);
  };
  const stripped = (file: string, text: string, isJsxCompiled: boolean): string | undefined => {
    const jsx = isJsxCompiled ? { jsx: COMPILE_JSX.jsx } : {};
    const asked = { ...bundler.transform, ...jsx, sourceType: sourceTypeOf(file), lang: langOf(file) };
    const { code, errors } = oxc.transformSync(file, text, asked, settings);
    if (errors.length === 0) return code;
    // What a tsconfig.json extends may not be generated yet: the text can be read without.
    const plain = oxc.transformSync(file, text, { ...asked, tsconfig: false });
    return plain.errors.length === 0 ? plain.code : undefined;
  };
  /** JSX in a plain .js file is for a plugin too. */
  const printedJsx = (file: string, text: string): string | undefined => {
    const asked = { ...COMPILE_JSX, sourceType: sourceTypeOf(file) };
    const { code, errors } = oxc.transformSync(`${file}.jsx`, text, asked);
    return errors.length === 0 ? printed(file, code) : undefined;
  };

  return {
    forgetSettings() {
      settings.clear();
      withJsxLeft.clear();
    },
    of(file, text) {
      if (!/\.[cm]?tsx?$|\.jsx$/.test(file)) return printed(file, text) || printedJsx(file, text);
      const folder = path.dirname(file);
      const isCompiled = file.endsWith("x") && withJsxLeft.has(folder);
      const code = stripped(file, text, isCompiled);
      if (code === undefined || code === "") return code;
      const plain = bared(file, code);
      // Nothing is left of JSX: the printer does not know it.
      if (plain !== "" || isCompiled || !file.endsWith("x")) return plain;
      const compiled = stripped(file, text, true);
      const rest = compiled && bared(file, compiled);
      if (rest !== "") withJsxLeft.add(folder);
      return rest;
    },
  };
}

function sourceTypeOf(file: string): "commonjs" | "module" {
  return /\.c[jt]s$/.test(file) ? "commonjs" : "module";
}

function langOf(file: string): string {
  const extension = path.extname(file).slice(1);
  return /^[cm]ts$/.test(extension) ? "ts" : extension;
}
