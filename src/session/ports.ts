import type { ConfigFault } from "./config-fault.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProjectGraph, ProjectGraphOptions } from "../project/index.ts";
import type { ClassifiedSettings, Restart } from "../report/explain-settings.ts";
import type { RuntimeHost } from "../runtime/index.ts";
import type { SettingsImpact } from "../settings/settings-impact.ts";
import type { TabStatus } from "../protocol/status.ts";
import type { TextPosition } from "../protocol/text-position.ts";
import type { ReadFiles } from "./read-files.ts";

/** A fault of a text as it was written. */
export interface TextFault {
  readonly message: string;
  readonly place: TextPosition | undefined;
}

/** The dev server, as a session uses it. After a restart the next server stands behind the same port. */
export interface ServerPort {
  readonly env: EnvironmentPort;
  /** The `tsconfig.json` that the config sets for all files; `undefined` where each file has its nearest one. */
  readonly tsconfig: string | undefined;
  /** How many browsers are connected. */
  readonly clients: number;
  /** The pages among them. */
  readonly tabs: readonly TabStatus[];
  /** The url by which modules are asked for: one for each file. */
  urlOf(file: string): string;
  /** Watch a file that lies outside of the root. */
  watch(file: string): void;
  /** Whether a file lies in the public folder, or a page has loaded it. */
  isBrowserFile(file: string): boolean;
  /** Forget where imports lead, because a path has changed that decides about it. */
  forgetResolutions(changed: string): Promise<void>;
  /** What can be seen to be wrong with a file as it was written, without running it. */
  faultIn(file: string): TextFault | undefined;
  openGraph(options: Omit<ProjectGraphOptions, "bundler" | "resolveId">): ProjectGraph;
  createHost(ports: HostPorts): RuntimeHost;
  /** The attributes of the scripts that bring the client into a page; none where pages cannot be told anything. */
  pageScripts(apiPrefix: string): readonly Readonly<Record<string, string>>[];
  /** Answer a request as if it had just arrived. */
  answer(incoming: IncomingMessage, outgoing: ServerResponse): void;
}

/** The parts of a session that the host of its runtime uses. */
export interface HostPorts {
  readonly root: string;
  /** Packages are files of the project. */
  readonly tracksPackages: boolean;
  readonly readFiles: ReadFiles;
  /** Called right before a file is read outside of the server's pipeline. */
  readonly noteRead: (file: string) => void;
  /** Called right before a name is resolved outside of the bundler's pipeline. */
  readonly noteResolution: (specifier: string, importer: string) => void;
  /** The text of a file, read so that every later write of it shows; `undefined` where none can be read. */
  readonly readText: (file: string) => string | undefined;
  /** Server code begins to write files itself. Returns what to call when it is done. */
  readonly noteWrite: (files: readonly string[]) => () => void;
  readonly notice: RuntimeHost["notice"];
}

/** The files with the environment, as the server reads them. */
export interface EnvironmentPort {
  /** Where the files are, whether they exist or not. */
  readonly files: readonly string[];
  /** Read the files anew. Returns the names of the keys whose values changed. */
  load(): readonly string[];
  /** Take back what was written to `process.env`. */
  unload(): void;
}

/** The files that configure the server or the program around it, and their restarts. */
export interface ConfigsPort {
  readonly texts: SettingsTextsPort;
  /** The configs, with everything that they import. */
  readonly configs: readonly string[];
  /** The configs among changed files; where names have changed, those too that were not there before. */
  configsAmong(changed: readonly string[]): string[];
  /** Judge saved configs, and restart what they configure. */
  take(files: readonly string[]): Promise<TakenConfigs>;
  /** The environment has other values: restart what was made with the ones before. */
  takeKeys(files: readonly string[], keys: readonly string[]): Promise<Pick<TakenConfigs, "broken">>;
  /** Other packages are asked for. Returns who restarts when they are installed. */
  notePackages(): Restart;
}

/** The outcome of saved configs. */
export interface TakenConfigs {
  readonly classified: readonly ClassifiedSettings[];
  /** A config that cannot be loaded; the server goes on with the last one. */
  readonly broken: ConfigFault | undefined;
}

/** What the settings files of a project said when they were last taken in. */
export interface SettingsTextsPort {
  /** Called right after the stamp of a file was taken: what it says now is in use. */
  note(file: string): void;
  /** Classify what a file says now, and take it in. `undefined` for the same text, and while it is half written. */
  classify(file: string): SettingsImpact | undefined;
}
