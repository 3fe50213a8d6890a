import { setImmediate } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { connectState, ModuleProblem, Runtime } from "../../../src/runtime/index.ts";
import type { Commit, Outcome, Propagation, RuntimeOptions } from "../../../src/runtime/index.ts";
import { MemoryHost, ROOT } from "./memory-host.ts";
import type { MemoryFormat } from "./memory-host.ts";

/** Root-relative path -> text; `undefined` removes the file. */
export type Files = Readonly<Record<string, string | undefined>>;

/** One question: which entry, which exported function, with which arguments. */
export type Ask = readonly [entry: string, name?: string, ...args: readonly unknown[]];

/** What came back, in a form that can be compared. */
export type Answer = { readonly value: unknown } | { readonly error: string };

export interface ProjectOptions extends Partial<RuntimeOptions> {
  /** Bare specifiers and the native files that they stand for. */
  readonly packages?: ReadonlyMap<string, string>;
  /** @default "module" */
  readonly format?: MemoryFormat;
}

/** A project of modules as strings: no disk, no server, no clock. */
export class MemoryProject {
  readonly host: MemoryHost;
  readonly runtime: Runtime;
  readonly commits: Commit[] = [];
  readonly #options: ProjectOptions;
  readonly #asked = new Set<string>();

  constructor(files: Files, options: ProjectOptions = {}) {
    this.#options = options;
    const texts = Object.entries(files).flatMap(([name, text]) =>
      text === undefined ? [] : [[at(name), text] as const],
    );
    this.host = new MemoryHost(new Map(texts), options.packages ?? new Map(), options.format ?? "module");
    this.runtime = createRuntime(this.host, options, (commit) => this.commits.push(commit));
  }

  /** Root-relative path -> text, as it is now. */
  get files(): ReadonlyMap<string, string> {
    return new Map([...this.host.files].map(([file, text]) => [file.slice(ROOT.length + 1), text]));
  }

  /** What ran in the last commit, and why. */
  get ran(): Readonly<Record<string, string>> {
    const ran = this.commits.at(-1)?.ran ?? new Map();
    return Object.fromEntries([...ran].map(([module, reason]) => [module.displayName, reason.kind]));
  }

  /** Change files without looking at what follows: the next question finds out. */
  save(changes: Files): void {
    const { files } = this.host;
    const before = new Set(files.keys());
    for (const [name, text] of Object.entries(changes)) {
      if (text === undefined) files.delete(at(name));
      else files.set(at(name), text);
    }
    this.runtime.markOutdated(Object.keys(changes).map(at));
    const isListingChanged =
      before.size !== files.size || [...files.keys()].some((name) => !before.has(name));
    if (isListingChanged) this.runtime.markResolutionsOutdated(this.runtime.records);
  }

  /** Change files and bring everything that was asked for up to date. */
  async edit(changes: Files): Promise<Outcome> {
    this.save(changes);
    // A script is read at once. What is opened meanwhile gets its turn, as it does where files are watched.
    if (this.#options.format === "commonjs") await setImmediate();
    return this.runtime.update([...this.#asked].map(at));
  }

  /** Ask an entry, as a request does after it has made sure that the entry is up to date. */
  async ask(...[entry, name = "GET", ...args]: Ask): Promise<unknown> {
    this.#asked.add(entry);
    return ask(this.runtime, entry, name, args);
  }

  async answer(...question: Ask): Promise<Answer> {
    return answerOf(async () => this.ask(...question));
  }

  /** What a server that starts now would answer. */
  async cold(...[entry, name = "GET", ...args]: Ask): Promise<Answer> {
    const host = new MemoryHost(this.host.files, this.host.packages, this.#options.format ?? "module");
    host.environment = this.host.environment;
    const runtime = createRuntime(host, this.#options, () => undefined);
    try {
      return await answerOf(async () => ask(runtime, entry, name, args));
    } finally {
      await runtime.close();
    }
  }

  /** For the law: after any edits the answers are those of a server that starts now. */
  async answers(
    questions: readonly Ask[],
  ): Promise<{ readonly hot: readonly Answer[]; readonly cold: readonly Answer[] }> {
    const hot: Answer[] = [];
    for (const question of questions) hot.push(await this.answer(...question));
    const cold: Answer[] = [];
    for (const question of questions) cold.push(await this.cold(...question));
    return { hot, cold };
  }
}

/** A project whose runtime is closed when the test is over. */
export function memoryProject(files: Files, options: ProjectOptions = {}): MemoryProject {
  const project = new MemoryProject(files, options);
  const disconnect = connectState(() => undefined);
  onTestFinished(async () => {
    await project.runtime.close();
    disconnect();
  });
  return project;
}

/** Both ways to decide who runs again. */
export const PROPAGATIONS: readonly Propagation[] = ["live", "importers"];

function createRuntime(
  host: MemoryHost,
  options: ProjectOptions,
  onCommit: (commit: Commit) => void,
): Runtime {
  const { packages: _packages, format: _format, ...rest } = options;
  return new Runtime(host, { propagation: "live", preserveState: true, ...rest, onCommit });
}

async function ask(
  runtime: Runtime,
  entry: string,
  name: string,
  args: readonly unknown[],
): Promise<unknown> {
  const outcome = await runtime.update([at(entry)]);
  if (outcome.status === "failed") throw outcome.problem;
  const exports = exportsOf(runtime, entry);
  const request = runtime.beginRequest(at(entry));
  try {
    return await request.run(async () => {
      const handler = exports[name];
      return typeof handler === "function" ? ((await handler(...args)) as unknown) : handler;
    });
  } finally {
    request.close();
  }
}

async function answerOf(run: () => Promise<unknown>): Promise<Answer> {
  try {
    const value = await run();
    return { value: typeof value === "function" ? String(value) : value };
  } catch (error) {
    if (error instanceof ModuleProblem)
      return { error: error.message.replace(/\.? This package remembers.*/, "") };
    return { error: String(error) };
  }
}

/** What an entry exports, for questions that are no requests. */
export function exportsOf(runtime: Runtime, entry: string): Record<string, unknown> {
  const module = runtime.entry(at(entry));
  if (module === undefined) throw new Error(`${entry} has never been asked for.`);
  return module.namespace as Record<string, unknown>;
}

/** The absolute path of a file of the project. */
export function at(name: string): string {
  return `${ROOT}/${name}`;
}
