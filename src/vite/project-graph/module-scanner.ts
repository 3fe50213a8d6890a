import path from "node:path";
import type { ResolvedConfig } from "vite";
import { readyToScan, scanModule } from "../../graph/index.ts";
import type { ModuleImports, SyntaxNode } from "../../graph/index.ts";
import { digestOf } from "../disk.ts";
import { loadOxc } from "../oxc.ts";
import type { TsconfigCache } from "../oxc.ts";

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

/** Whether a file has a text that can ask for other files. */
export function isScript(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** Whether a file is loaded as a module. */
export function isSource(file: string): boolean {
  return isScript(file) || file.endsWith(".json");
}

export function createModuleScanner(config: ResolvedConfig | undefined, readsSyntax: boolean): ModuleScanner {
  const oxc = loadOxc();
  const settings: TsconfigCache = new oxc.TsconfigCache(config?.tsconfig);
  const options = transformOptions(config);

  const plainOf = (file: string, text: string): string | undefined => {
    const isTyped = /\.[cm]?tsx?$/.test(file);
    const code = isTyped || file.endsWith(".jsx") ? stripped(file, text, langOf(file)) : text;
    if (code === undefined) return undefined;
    const plain = oxc.minifySync(`${file}.js`, code, PLAIN).code;
    if (plain !== "" || isTyped) return plain;
    // JSX in a plain .js file is for a plugin to transform; empty text is empty either way.
    const fromJsx = stripped(file, text, "jsx");
    return fromJsx && oxc.minifySync(`${file}.js`, fromJsx, PLAIN).code;
  };
  const stripped = (file: string, text: string, lang: string): string | undefined => {
    const sourceType = /\.c[jt]s$/.test(file) ? "commonjs" : "module";
    const { code, errors } = oxc.transformSync(file, text, { ...options, sourceType, lang }, settings);
    return errors.length > 0 ? undefined : code;
  };

  return {
    ready: async () => readyToScan(),
    forgetSettings: () => settings.clear(),
    scan(file, text) {
      if (file.endsWith(".json")) return scanJson(text);
      const code = plainOf(file, text);
      if (code === undefined) return undefined;
      const parse = (which: "code" | "written"): SyntaxNode | undefined =>
        which === "code" ? parsed(`${file}.js`, code) : parsed(file, text);
      const imports = readImports({ code, written: text, parse: readsSyntax ? parse : undefined });
      return imports && { imports: withoutInjected(imports, text), fingerprint: digestOf(code) };
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

function parsed(file: string, text: string): SyntaxNode | undefined {
  const { program } = loadOxc().parseSync(file, text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ESTree, as the graph reads it: by key
  return program as SyntaxNode;
}

function scanJson(text: string): ScannedText | undefined {
  try {
    return { imports: NOTHING, fingerprint: digestOf(JSON.stringify(JSON.parse(text))) };
  } catch {
    // Half written, or never valid: whoever imports it says so.
    return undefined;
  }
}

/** What the transformer adds on its own belongs to nobody's text. */
const INJECTED = /^@oxc-project\/runtime\/|\/jsx-(?:dev-)?runtime$/;

function withoutInjected(imports: ModuleImports, written: string): ModuleImports {
  const isWritten = ({ specifier }: { readonly specifier: string }): boolean =>
    !INJECTED.test(specifier) || written.includes(specifier);
  return imports.requests.every(isWritten)
    ? imports
    : { ...imports, requests: imports.requests.filter(isWritten) };
}

function langOf(file: string): string {
  const extension = path.extname(file).slice(1);
  return /^[cm]ts$/.test(extension) ? "ts" : extension;
}

/** What Vite's own transform is told, without what concerns its output. */
export function transformOptions(config: ResolvedConfig | undefined): object {
  const oxc = config?.oxc;
  const jsx = typeof oxc === "object" ? oxc.jsx : undefined;
  const { typescript, decorator, assumptions } = typeof oxc === "object" ? oxc : {};
  return {
    sourcemap: false,
    // `preserve` is for a later plugin; a lexer cannot read it.
    jsx: typeof jsx === "object" ? { ...jsx, refresh: false } : { runtime: "automatic" },
    ...(typescript === undefined ? {} : { typescript }),
    ...(decorator === undefined ? {} : { decorator }),
    ...(assumptions === undefined ? {} : { assumptions }),
  };
}
