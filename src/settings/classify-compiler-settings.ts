import type { SettingsImpact } from "./settings-impact.ts";
import { changedKeys, isSameData, settingsAt } from "./settings-json.ts";
import type { Settings } from "./settings-json.ts";

/** Options that only the type checker and its output know. Everything else may change what texts compile to. */
const OF_TYPE_CHECKING: ReadonlySet<string> = new Set([
  "allowArbitraryExtensions",
  "allowImportingTsExtensions",
  "allowSyntheticDefaultImports",
  "allowUmdGlobalAccess",
  "allowUnreachableCode",
  "allowUnusedLabels",
  "assumeChangesOnlyAffectDirectDependencies",
  "declaration",
  "declarationMap",
  "diagnostics",
  "disableSizeLimit",
  "emitDeclarationOnly",
  "erasableSyntaxOnly",
  "esModuleInterop",
  "exactOptionalPropertyTypes",
  "explainFiles",
  "extendedDiagnostics",
  "forceConsistentCasingInFileNames",
  "incremental",
  "inlineSourceMap",
  "inlineSources",
  "isolatedDeclarations",
  "isolatedModules",
  "lib",
  "libReplacement",
  "listEmittedFiles",
  "listFiles",
  "mapRoot",
  "module",
  "moduleDetection",
  "moduleResolution",
  "newLine",
  "noCheck",
  "noEmit",
  "noEmitOnError",
  "noErrorTruncation",
  "noFallthroughCasesInSwitch",
  "noImplicitAny",
  "noImplicitOverride",
  "noImplicitReturns",
  "noImplicitThis",
  "noLib",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noUncheckedSideEffectImports",
  "noUnusedLocals",
  "noUnusedParameters",
  "plugins",
  "preserveWatchOutput",
  "pretty",
  "removeComments",
  "resolveJsonModule",
  "rewriteRelativeImportExtensions",
  "skipDefaultLibCheck",
  "skipLibCheck",
  "sourceMap",
  "sourceRoot",
  "strict",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "stripInternal",
  "traceResolution",
  "tsBuildInfoFile",
  "typeRoots",
  "types",
  "useUnknownInCatchVariables",
]);

/** They shape the types that `emitDecoratorMetadata` writes into the code. */
const OF_METADATA: ReadonlySet<string> = new Set(["strict", "strictNullChecks"]);

/** Keys beside `compilerOptions` that editors and other tools read. */
const OF_TOOLS: ReadonlySet<string> = new Set([
  "$schema",
  "_version",
  "buildOptions",
  "compileOnSave",
  "display",
  "docs",
  "ts-node",
  "typeAcquisition",
  "typedocOptions",
  "watchOptions",
]);

const OF_RESOLUTION: ReadonlySet<string> = new Set(["baseUrl", "moduleSuffixes", "paths", "rootDirs"]);

/**
 * Judge a change of `tsconfig.json` or of what it extends. `include`, `exclude`, `files` and `references` count: the
 * compiler applies a file's options only to what it includes.
 */
export function classifyCompilerSettings(before: Settings, after: Settings): SettingsImpact {
  const [old, now] = [settingsAt(before, "compilerOptions"), settingsAt(after, "compilerOptions")];
  const hasMetadata = [old, now].some(({ emitDecoratorMetadata }) => emitDecoratorMetadata === true);
  const options = changedKeys(old, now, isSameData);
  const others = changedKeys(before, after, isSameData).filter((key) => key !== "compilerOptions");
  const compiling = [
    ...options
      .filter((key) => !OF_TYPE_CHECKING.has(key) || (hasMetadata && OF_METADATA.has(key)))
      .map(option),
    ...others.filter((key) => !OF_TOOLS.has(key)),
  ];
  if (compiling.length === 0) return { effect: "nothing", parts: [...options.map(option), ...others] };
  const isResolution = compiling.every((part) => OF_RESOLUTION.has(part.slice(PREFIX.length)));
  return { effect: isResolution ? "resolve" : "transform", parts: compiling };
}

const PREFIX = "compilerOptions.";

function option(name: string): string {
  return PREFIX + name;
}
