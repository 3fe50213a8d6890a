import path from "node:path";
import { digestOf } from "../disk/disk.ts";
import { isLockfile, isSettingOfFolder } from "../settings/settings-files.ts";
import { findSettings, readSettings } from "../disk/project-settings.ts";
import { slashed } from "../disk/file-names.ts";

/** What the settings beside the code say, as far as the graph depends on it. */
export interface SettingsDigest {
  /** Of what decides how texts are read. */
  readonly reading: string;
  /** Of what decides where specifiers lead. */
  readonly resolving: string;
  readonly files: ReadonlySet<string>;
}

const READING: readonly string[] = [
  "verbatimModuleSyntax",
  "preserveValueImports",
  "importsNotUsedAsValues",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "experimentalDecorators",
  "emitDecoratorMetadata",
];
const RESOLVING: readonly string[] = ["paths", "baseUrl", "rootDirs"];
const SCOPE: readonly string[] = ["extends", "references", "include", "exclude", "files"];
const PACKAGE: readonly string[] = ["name", "type", "main", "module", "jsnext:main", "exports", "imports"];

/** Read the settings that apply to some files; a script or a comment in them does not count. */
export function digestSettings(
  root: string,
  tsconfig: string | undefined,
  files: Iterable<string>,
): SettingsDigest {
  const folders = new Set([root]);
  for (const file of files) if (isSettingOfFolder(file)) folders.add(path.posix.dirname(file));
  const found = new Set([...folders].flatMap((folder) => findSettings(folder, { root, tsconfig })));
  const settings = [...found].filter((file) => !isLockfile(file)).toSorted();
  const parsed = settings.map((file) => ({ file, content: readSettings(file) ?? {} }));
  const compilers = parsed.filter(({ file }) => path.basename(file) !== "package.json");
  const packages = parsed.filter(({ file }) => path.basename(file) === "package.json");
  return {
    reading: digestOf(JSON.stringify(compilers.map((each) => compilerPart(each, READING)))),
    resolving: digestOf(
      JSON.stringify([
        compilers.map((each) => compilerPart(each, RESOLVING)),
        packages.map(({ file, content }) => [file, PACKAGE.map((field) => content[field])]),
      ]),
    ),
    files: new Set(settings.map(slashed)),
  };
}

interface SettingsOfFile {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
}

function compilerPart({ file, content }: SettingsOfFile, options: readonly string[]): readonly unknown[] {
  const compiler = content["compilerOptions"];
  const given = typeof compiler === "object" && compiler !== null ? compiler : {};
  return [
    file,
    SCOPE.map((field) => content[field]),
    options.map((name): unknown => Reflect.get(given, name)),
  ];
}
