/** A project, and the absolute paths of the files that an oracle begins with. */
export interface OracleInput {
  readonly root: string;
  readonly entries: readonly string[];
}

/** `from -> to`, relative to the root: source files and JSON, neither packages nor assets. */
export function esbuildEdges(input: OracleInput): Promise<ReadonlySet<string>>;
/** `from -> to`, relative to the root: source files and JSON, neither packages nor assets. */
export function rolldownEdges(input: OracleInput): Promise<ReadonlySet<string>>;
/** The absolute paths of the source files below some folders, without tests. */
export function listSources(root: string, folders?: readonly string[]): readonly string[];
/** The name of a file that edges are about, relative to the root; `undefined` for packages and assets. */
export function nameInProject(root: string, id: string): string | undefined;
