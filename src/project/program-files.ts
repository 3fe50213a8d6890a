import { readFileSync } from "node:fs";
import type { SyntaxNode } from "../graph/index.ts";
import { importsInSyntax } from "../graph/index.ts";
import { slashed } from "../disk/file-names.ts";
import { FileResolver } from "./file-resolver.ts";
import { isScript, parsed } from "./module-scanner.ts";

/** What is looked at for one program; larger ones are compared with the disk in part. */
const MAX_FILES = 2_000;

/** Node's own way to find what a file imports: nothing of a bundler counts. */
const NODE = {
  conditions: ["node"],
  mainFields: [],
  extensions: [".js", ".json", ".ts"],
  preserveSymlinks: false,
  aliases: [],
  tsconfig: undefined,
  external: [],
} as const;

/**
 * Finds the files of a program that Node runs by itself, a worker or a child process: its own file, and what that imports,
 * requires or opens by `new URL`, without packages. What is not there is none of them.
 */
export class ProgramFiles {
  readonly #resolver: FileResolver;

  constructor(root: string) {
    this.#resolver = new FileResolver(root, NODE, { trackNodeModules: false });
  }

  of(program: string): readonly string[] {
    this.#resolver.clear();
    const files = new Set([slashed(program)]);
    // The set grows while it is walked.
    for (const file of files) {
      if (files.size > MAX_FILES) break;
      for (const found of this.#importedBy(file)) files.add(found);
    }
    return [...files];
  }

  #importedBy(file: string): readonly string[] {
    const syntax = isScript(file) ? syntaxOf(file) : undefined;
    if (syntax === undefined) return [];
    return importsInSyntax(syntax).flatMap((request) => {
      const target = this.#resolver.resolve(file, request);
      return target.kind === "file" ? [target.file] : [];
    });
  }
}

function syntaxOf(file: string): SyntaxNode | undefined {
  try {
    return parsed(file, readFileSync(file, "utf8"));
  } catch {
    // It is gone, or cannot be read: the program is told by Node.
    return undefined;
  }
}
