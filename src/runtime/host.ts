import type { ModuleFormat, Node } from "./analysis/index.ts";

/** A source map as transformers produce it: version 3, with decoded or encoded mappings as text. */
export interface SourceMapLike {
  readonly mappings: string;
  readonly sources: readonly (string | null)[];
  readonly sourceRoot?: string | undefined;
}

/** A text in JavaScript. */
export interface ScriptText {
  readonly code: string;
  readonly map?: SourceMapLike | undefined;
}

/** A text in syntax that this Node knows. */
export interface LoweredText extends ScriptText {
  /** What a text that says the same in older syntax calls by the name of `babelHelpers`. @default nothing */
  readonly helpers?: object;
}

/** A project file whose text cannot be had: it is not there any more, or does not parse. */
export interface BrokenFile {
  readonly kind: "broken";
  readonly id: string;
  readonly url: string;
  readonly file: string;
  readonly error: unknown;
}

/** What the host found for one import. */
export type FetchedModule =
  | {
      /** A project file after every transform: a module in JavaScript, its specifiers as {@link FetchRequest} takes them. */
      readonly kind: "source";
      readonly id: string;
      readonly url: string;
      readonly file: string | undefined;
      readonly code: string;
      readonly map: SourceMapLike | undefined;
      /** Other files the text was made from: added by plugins, `tsconfig.json`, matched globs. */
      readonly inputs: readonly string[];
      /** The text only names the file, and says nothing of what is in it. @default false */
      readonly isAsset?: boolean;
    }
  | BrokenFile
  | {
      /** A CommonJS project file: it is read when it is first required. */
      readonly kind: "commonjs";
      readonly id: string;
      readonly url: string;
      readonly file: string;
    }
  | {
      /** A package or builtin, imported natively: its code never changes while the process lives. */
      readonly kind: "external";
      readonly url: string;
      /** What Node does not find in its text can be had of its `default` only. */
      readonly isCommonJs: boolean;
    };

/** What Node loads itself: by the file of a package, or by the name of what comes with Node. */
export interface NativeModule {
  readonly kind: "native";
  readonly name: string;
}

/** What a `require()` call found: found and read synchronously, as CommonJS demands. */
export type RequiredModule =
  | NativeModule
  | {
      readonly kind: "json" | "commonjs";
      readonly id: string;
      readonly url: string;
      readonly file: string;
      readonly code: string;
      /** Of a text that was written in another language. */
      readonly map?: SourceMapLike | undefined;
    }
  /** An ES module: it is fetched like any other. */
  | { readonly kind: "module"; readonly id: string; readonly url: string; readonly file: string }
  | BrokenFile;

/** One module to fetch. Its text is transformed anew even where an earlier transform is remembered. */
export interface FetchRequest {
  readonly specifier: string;
  /** Id of the importing module; `undefined` for entries. */
  readonly importer: string | undefined;
  /** It was fetched before, and what its imports lead to still holds: only the text may have changed. */
  readonly linksHold: boolean;
}

/** Something the runtime has to tell which belongs to no answer. */
export type RuntimeNotice =
  | {
      readonly kind: "dispose-failed" | "callback-failed";
      readonly module: string;
      readonly error: unknown;
    }
  /** `import.meta.hot.invalidate(message)`: those run again that import the module. */
  | { readonly kind: "invalidated"; readonly module: string; readonly message: string | undefined }
  /** A file has changed that a package has read for a request, and may keep. */
  | { readonly kind: "kept-by-package"; readonly package: string; readonly file: string };

/** What an evaluation wants to know of a file or folder. */
export interface FileRead {
  /** What it says (of a folder: which names are in it), what `stat` says, whether it is there, where a link leads. */
  readonly asks: "content" | "status" | "existence" | "link";
  /** Absolute. */
  readonly path: string;
}

/**
 * All that the runtime needs from the world: it evaluates modules, others find and transform them. Only what code that
 * runs asks for itself (`require`, what it reads and writes, its environment) is answered at once, for that code cannot
 * wait: the runtime lives in the process of its host.
 */
export interface RuntimeHost {
  fetch(request: FetchRequest): Promise<FetchedModule>;
  require(specifier: string, importer: string): RequiredModule;
  /** What Node's `import.meta.resolve` answers; `undefined` for a package that cannot be had. */
  resolveAsNode(specifier: string, importer: string): string | undefined;
  /** The ESTree of a module's text. Throws for a text that is none. */
  parse(code: string, file: string | undefined, format: ModuleFormat): Node;
  /** The same text in syntax that this Node knows; `undefined` if there is none. */
  lower(text: ScriptText, format: ModuleFormat): LoweredText | undefined;
  /** `import.meta.env` as it is now; `baked` is what the transform wrote into the text. */
  importMetaEnv(baked: object): object;
  /**
   * Right before an evaluation reads a file or folder. Returns the names under which `Runtime.noteFilesChanged` will be
   * told of changes: what decides about the answer may be several things, links on the way among them.
   */
  noteFileRead(read: FileRead): readonly string[];
  /** The files of a program that Node runs by itself: its own, and those of the project that it imports. */
  filesOfProgram(file: string): readonly string[];
  /** Nobody runs any more who has read these. */
  forgetFileReads(names: readonly string[]): void;
  /**
   * Right before server code writes, moves or removes files. Their content after the write is the new baseline, and not
   * reported as a change.
   *
   * @returns what to call when it is done; `undefined` where nobody has read anything of it
   */
  noteFileWrite(files: readonly string[]): (() => void) | undefined;
  /** `import.meta.hot.send`: a message for whoever listens on the server's side. */
  send(event: string, data: unknown): void;
  notice(notice: RuntimeNotice): void;
  /** Root-relative path for messages. */
  displayPath(file: string): string;
}
