import path from "node:path";
import { readyToScan, scanModule } from "../graph/index.ts";
import type { ImportRequest, ModuleImports, SyntaxNode } from "../graph/index.ts";
import { contentDigest } from "../disk/content-digest.ts";
import type { BundlerSettings } from "./bundler-settings.ts";
import { loadOxc } from "./oxc.ts";
import type { TsconfigCache } from "./oxc.ts";

/** What the text of a file says. */
export interface ScannedText {
  readonly imports: ModuleImports;
  /** Equal for two texts that differ in comments, formatting or types only. */
  readonly fingerprint: string;
}

/** Reads texts the way Vite transforms them. */
export interface ModuleScanner {
  ready(): Promise<void>;
  /** `undefined` for a text that does not parse. */
  scan(file: string, text: string): ScannedText | undefined;
  /** Compiler settings have changed. */
  forgetSettings(): void;
}

const NOTHING: ModuleImports = { requests: [], globs: [], opaque: [] };
/** Printed anew, so that nothing is left of how it was written. */
const PLAIN = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

const COMPILE_JSX = { lang: "jsx", jsx: { runtime: "automatic" }, tsconfig: false, sourcemap: false };

/** Whether a file has a text that can ask for other files. */
export function isScript(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** Whether a file is loaded as a module. */
export function isSource(file: string): boolean {
  return isScript(file) || file.endsWith(".json");
}

export function createModuleScanner(bundler: BundlerSettings, readsSyntax: boolean): ModuleScanner {
  const oxc = loadOxc();
  const settings: TsconfigCache = new oxc.TsconfigCache(bundler.tsconfig);

  /** Folders whose compiler settings leave JSX as it is, for a plugin: there it is compiled at once. */
  const withJsxLeft = new Set<string>();
  const plainOf = (file: string, text: string): string | undefined => {
    if (!/\.[cm]?tsx?$|\.jsx$/.test(file)) return printed(file, text) || printedJsx(file, text);
    const folder = path.dirname(file);
    const isCompiled = file.endsWith("x") && withJsxLeft.has(folder);
    const code = stripped(file, text, isCompiled);
    if (code === undefined || code === "") return code;
    const plain = printed(file, code);
    // Nothing is left of comments, nor of JSX: the printer does not know it.
    if (plain !== "" || isCompiled || !file.endsWith("x")) return plain;
    const compiled = stripped(file, text, true);
    const rest = compiled && printed(file, compiled);
    if (rest !== "") withJsxLeft.add(folder);
    return rest;
  };
  /** JSX in a plain .js file is for a plugin too. */
  const printedJsx = (file: string, text: string): string | undefined => {
    const { code, errors } = oxc.transformSync(`${file}.jsx`, text, {
      ...COMPILE_JSX,
      sourceType: sourceTypeOf(file),
    });
    return errors.length === 0 ? printed(file, code) : undefined;
  };
  const printed = (file: string, code: string): string => oxc.minifySync(`${file}.js`, code, PLAIN).code;
  const stripped = (file: string, text: string, isJsxCompiled: boolean): string | undefined => {
    const jsx = isJsxCompiled ? { jsx: COMPILE_JSX.jsx } : {};
    const asked = { ...bundler.transform, ...jsx, sourceType: sourceTypeOf(file), lang: langOf(file) };
    const { code, errors } = oxc.transformSync(file, text, asked, settings);
    if (errors.length === 0) return code;
    // What a tsconfig.json extends may not be generated yet: the text can be read without.
    const plain = oxc.transformSync(file, text, { ...asked, tsconfig: false });
    return plain.errors.length === 0 ? plain.code : undefined;
  };

  return {
    ready: async () => readyToScan(),
    forgetSettings() {
      settings.clear();
      withJsxLeft.clear();
    },
    scan(file, text) {
      if (file.endsWith(".json")) return scanJson(text);
      const code = plainOf(file, text);
      if (code === undefined) return undefined;
      const parse = (which: "code" | "written"): SyntaxNode | undefined =>
        which === "code" ? parsed(`${file}.js`, code) : parsed(file, text);
      const imports = readImports({ code, written: text, parse: readsSyntax ? parse : undefined });
      if (imports === undefined) return undefined;
      return {
        imports: markInjected(imports, text, !bundler.isProduction),
        fingerprint: contentDigest(code),
      };
    },
  };
}

function readImports(text: Parameters<typeof scanModule>[0]): ModuleImports | undefined {
  try {
    return scanModule(text);
  } catch {
    // The lexer throws at what the transformer let pass: a text that does not run.
    return undefined;
  }
}

/** The syntax of a text, as it is written. */
export function parsed(file: string, text: string): SyntaxNode | undefined {
  const { program } = loadOxc().parseSync(file, text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ESTree, as the graph reads it: by key
  return program as SyntaxNode;
}

function scanJson(text: string): ScannedText | undefined {
  try {
    return { imports: NOTHING, fingerprint: contentDigest(JSON.stringify(JSON.parse(text))) };
  } catch {
    // Half written, or never valid: whoever imports it says so.
    return undefined;
  }
}

/** What the transformer adds on its own: its helpers, and the runtime of JSX. */
const HELPERS = /^@oxc-project\/runtime\//;
const JSX_RUNTIME = /\/jsx-runtime$/;

/** Mark what nobody wrote. In development JSX has a runtime of its own, which gets the places of the text as well. */
function markInjected(imports: ModuleImports, written: string, isDevelopment: boolean): ModuleImports {
  const isInjected = ({ specifier }: ImportRequest): boolean =>
    (HELPERS.test(specifier) || JSX_RUNTIME.test(specifier)) && !written.includes(specifier);
  if (!imports.requests.some(isInjected)) return imports;
  const requests = imports.requests.map((request): ImportRequest => {
    if (!isInjected(request)) return request;
    const specifier = isDevelopment
      ? request.specifier.replace(JSX_RUNTIME, "/jsx-dev-runtime")
      : request.specifier;
    return { ...request, specifier, isInjected: true };
  });
  return { ...imports, requests };
}

function sourceTypeOf(file: string): "commonjs" | "module" {
  return /\.c[jt]s$/.test(file) ? "commonjs" : "module";
}

function langOf(file: string): string {
  const extension = path.extname(file).slice(1);
  return /^[cm]ts$/.test(extension) ? "ts" : extension;
}
