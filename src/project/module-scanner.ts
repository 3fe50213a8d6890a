import { readyToScan, scanModule } from "../graph/index.ts";
import type { ImportRequest, ModuleImports, SyntaxNode } from "../graph/index.ts";
import { contentDigest } from "../disk/content-digest.ts";
import type { BundlerSettings } from "./bundler-settings.ts";
import { loadOxc } from "./oxc.ts";
import { createPlainCode } from "./plain-code.ts";

/** What the text of a file says. */
export interface ScannedText {
  readonly imports: ModuleImports;
  /** Equal for two texts that differ in comments, formatting or types only. */
  readonly fingerprint: string;
}

/** Reads texts the way Vite transforms them. */
export interface ModuleScanner {
  ready(): Promise<void>;
  /** `undefined` for a text that does not parse. `known` is what an earlier text of the file said. */
  scan(file: string, text: string, known?: ScannedText): ScannedText | undefined;
  /** Compiler settings have changed. */
  forgetSettings(): void;
}

const NOTHING: ModuleImports = { requests: [], globs: [], opaque: [] };
/** Whether a file has a text that can ask for other files. */
export function isScript(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** Whether a file is loaded as a module. */
export function isSource(file: string): boolean {
  return isScript(file) || file.endsWith(".json");
}

export function createModuleScanner(bundler: BundlerSettings, readsSyntax: boolean): ModuleScanner {
  const plain = createPlainCode(bundler);
  return {
    ready: async () => readyToScan(),
    forgetSettings: () => plain.forgetSettings(),
    scan(file, text, known) {
      if (file.endsWith(".json")) return scanJson(text);
      const code = plain.of(file, text);
      if (code === undefined) return undefined;
      const fingerprint = contentDigest(code);
      // Places of imports that cannot be read are those of the text as it is written.
      if (known?.fingerprint === fingerprint && known.imports.opaque.length === 0)
        return { imports: known.imports, fingerprint };
      const parse = (which: "code" | "written"): SyntaxNode | undefined =>
        which === "code" ? parsed(`${file}.js`, code) : parsed(file, text);
      const imports = readImports({ code, written: text, parse: readsSyntax ? parse : undefined });
      if (imports === undefined) return undefined;
      return { imports: markInjected(imports, text, !bundler.isProduction), fingerprint };
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
