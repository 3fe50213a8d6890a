import { HmrContext } from "../build/hmr-context.ts";
import { displayName, isAtOrBelow } from "../disk/file-names.ts";
import { Builder } from "../build/builder.ts";
import type { BuildNews } from "../build/builder.ts";
import type { BuildPlan } from "../build/build-plan.ts";
import { FolderContents } from "../disk/folder-contents.ts";
import type { Contents } from "../disk/folder-contents.ts";
import type { ModuleUpdate } from "../protocol/module-updates.ts";
import { timers } from "../reload/clock.ts";
import { BuiltTexts } from "./built-texts.ts";
import { ComponentEdits, isComponent } from "./component-edits.ts";
import type { ComponentReader } from "./component-edits.ts";
import type { PublicNames } from "./public-names.ts";
import type { SessionLog } from "./session-log.ts";

/** What a build has come to, for code of pages that takes it. */
export interface BuiltModules {
  /** The names of the modules it was made for. */
  readonly changed: readonly string[];
  /** What is new in them, where pages were told of it before. */
  readonly updates: readonly ModuleUpdate[] | undefined;
  /** The files of the output that are others now, as addresses have them. */
  readonly output: readonly string[];
}

type ModuleListener = (built: BuiltModules) => void;

/** Told which files of the output are others than before, and which of them were not there. */
type OutputListener = (files: readonly string[], added: ReadonlySet<string>) => void;

/** What builds know of the session that they belong to. */
interface BuildsPorts {
  readonly root: string;
  readonly names: PublicNames;
  readonly log: SessionLog;
}

/** The builds of a project while it is served. */
export class Builds {
  readonly plan: BuildPlan;
  readonly #builder: Builder;
  readonly #names: PublicNames;
  readonly #log: SessionLog;
  readonly #listeners = new Set<OutputListener>();
  /** Resolves when the first build has ended. */
  readonly firstEnded: Promise<void>;
  #noteFirst: () => void = () => undefined;
  /** Which modules pages have not been told of. */
  readonly context: HmrContext;
  /** What pages have before it is built. */
  readonly components: ComponentEdits;
  readonly #builtTexts: BuiltTexts;
  readonly #moduleListeners = new Set<ModuleListener>();
  #begunAt = 0;
  #addressOf: (file: string) => string;
  #hasSucceeded = false;
  /** What is there of the output may be half of it. */
  #isHolding = false;

  constructor(plan: BuildPlan, { root, names, log }: BuildsPorts) {
    this.plan = plan;
    this.#names = names;
    this.#log = log;
    this.firstEnded = new Promise((resolve) => {
      this.#noteFirst = resolve;
    });
    this.context = new HmrContext(plan.moduleOf);
    this.#addressOf = (file) => displayName(plan.output, file);
    this.#builder = new Builder({
      tool: plan.tool,
      inputs: new FolderContents(plan.inputs, plan.isIgnored),
      output: new FolderContents(
        () => [plan.output],
        () => false,
      ),
      clock: timers,
      onNews: (news) => this.#note(news),
    });
    this.#builtTexts = new BuiltTexts(root);
    const built = this.#builtTexts.read(this.#builder.output);
    this.components = new ComponentEdits({ idOf: plan.moduleOf, built, load: loadReader });
  }

  /** Whether a build has succeeded since the project is served. */
  get hasSucceeded(): boolean {
    return this.#hasSucceeded;
  }

  /** Whether there is anything in the folder that is built. */
  get hasOutput(): boolean {
    return this.#builder.hasOutput;
  }

  /** Whether a build runs, or is about to. */
  get isRunning(): boolean {
    return !this.#builder.isIdle;
  }

  /** Whether something is built, or about to be, that was saved at some time or later; on the clock of `performance.now()`. */
  hasBegunSince(time: number): boolean {
    return this.#builder.hasBegunSince(time);
  }

  /** Whether what is in the output now is what pages may have: it is not while it is built, nor after a build that failed. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** Build now, whatever has changed. */
  buildNow(): void {
    this.#builder.buildNow();
  }

  /** Whether a file lies in the folder that is built. */
  isOutput(file: string): boolean {
    return isAtOrBelow(this.plan.output, file);
  }

  /** A watcher has seen something: a hint, for only what files hold says whether a module has changed. */
  noteEvent(file: string): void {
    const { inputs, isIgnored } = this.plan;
    const isInput = inputs().some((place) => isAtOrBelow(place, file));
    if (!isInput || isIgnored(file)) return;
    if (isComponent(file)) this.components.note(file);
    this.#builder.note();
  }

  /** Something may have been saved that nobody has told. */
  look(): void {
    this.#builder.note();
  }

  /** Whether a file of the output, where nothing is built, is another one than pages have been told of. From now on they have. */
  takeOutput(file: string): boolean {
    return this.#builder.takeOutput(file);
  }

  /** How addresses name what is served of the output: as if it were at the top of them, where nobody says otherwise. */
  addressBy(addressOf: (file: string) => string): void {
    this.#addressOf = addressOf;
  }

  /** Hear which modules are built, before pages get what has become of them. Returns what ends it. */
  onModules(listener: ModuleListener): () => void {
    this.#moduleListeners.add(listener);
    return () => void this.#moduleListeners.delete(listener);
  }

  /** Hear which files of the output a build has changed. Returns what ends it. */
  onOutput(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves when everything that is saved by now has been built, or could not be. */
  async settled(): Promise<void> {
    await this.#builder.settled();
  }

  async close(): Promise<void> {
    await this.#builder.close();
  }

  /** What was saved while it was built is pending still. */
  #tellModules(isNews: boolean, files: readonly string[]): void {
    const told = this.components.succeed();
    this.#builtTexts.write(this.#builder.output, this.components.built);
    if (!this.context.shouldRebuild()) return;
    const pending = this.context.getPendingUpdates();
    this.context.markUpdated(pending, this.#begunAt);
    if (!isNews) return;
    const { changed, updates } = told ?? { changed: pending };
    const output = files.map((file) => this.#addressOf(file));
    for (const listener of this.#moduleListeners) listener({ changed, updates, output });
  }

  #begin(files: readonly string[], inputs: Contents): void {
    this.#isHolding = true;
    this.#begunAt = Date.now();
    for (const file of files) this.context.recordFileChange(file);
    for (const { file, line, column, message } of this.components.begin(files, inputs)) {
      const place = `${this.#names.relative(file)}:${line}:${column}`;
      this.#log.append({ type: "noticed", level: "warn", message: `[orbit] ${place}: ${message}` });
    }
  }

  #note(news: BuildNews): void {
    const tool = this.plan.tool.name;
    if (news.type === "noted") {
      const { progress } = news;
      return this.#log.append({ type: "build-noted", tool, progress, ahead: this.components.isAhead });
    }
    const files = news.files.map((file) => this.#names.relative(file));
    if (news.type === "endless") {
      const names = files.join(" and ");
      return this.#log.append({
        type: "noticed",
        level: "warn",
        message: `${tool} writes ${names}, which it is built from: it is not built again for that. Add what it writes to build.ignore.`,
      });
    }
    if (news.type === "begun") {
      this.#begin(news.files, news.inputs);
      const { isAhead: ahead } = this.components;
      return this.#log.append({ type: "build-begun", at: Date.now(), tool, files, ahead });
    }
    const { status, ms, result, output, added } = news;
    this.#isHolding = !result.isOk;
    this.#hasSucceeded ||= result.isOk;
    this.#log.append({
      type: "build-ended",
      tool,
      status,
      files,
      ahead: this.components.isAhead,
      ms,
      result,
    });
    this.#log.flush();
    if (result.isOk && status !== "superseded") this.#tellModules(status === "completed", output);
    if (output.length > 0) for (const listener of this.#listeners) listener(output, added);
    if (status !== "superseded") this.#noteFirst();
  }
}

/** Most projects have no components. */
async function loadReader(): Promise<ComponentReader> {
  return import("../components/compare-components.ts");
}
