import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "../protocol/build.ts";
import { countOf } from "../report/lists.ts";
import type { Clock } from "../reload/clock.ts";
import type { BuildResult, BuildTool, RunningBuild } from "./build-tool.ts";
import { readCargoLine } from "./cargo-messages.ts";
import type { CargoFolders } from "./cargo-messages.ts";
import { startProgram } from "./child-program.ts";
import type { Program, ProgramEnd } from "./child-program.ts";
import { Lines } from "./lines.ts";
import { OutputTail } from "./output-tail.ts";

/** A build by cargo. */
export interface CargoBuild {
  /** Where it runs. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Such as `beta`; cargo's own choice where there is none. */
  readonly toolchain: string | undefined;
  /** Further arguments of `cargo build`. */
  readonly args: readonly string[];
  /** Arguments of the package's program, where that is to be run after a good build: it makes the pages. */
  readonly run: readonly string[] | undefined;
  /** Say what is wrong with the sources, and make nothing. @default false */
  readonly isCheck?: boolean;
}

/** How much of what is printed is kept, in characters. */
const OUTPUT_LENGTH = 64 * 1024;
/** How much of what compilers have drawn is kept, in characters: what they say in a sentence is always. */
const RENDERED_LENGTH = 16 * 1024 * 1024;
/** A program that makes pages and says nothing for so long is not going to end. */
const SILENCE_MS = 30_000;

const MESSAGES = "--message-format=json,json-diagnostic-rendered-ansi";

/** What cargo is told beside its arguments. */
export const CARGO_ENVIRONMENT: NodeJS.ProcessEnv = {
  // What is not there is said; to wait for a download that nobody has asked for is none of a build's business.
  RUSTUP_AUTO_INSTALL: "0",
  // Of the tools themselves: it would hide what they say.
  RUST_BACKTRACE: "0",
  CARGO_TERM_PROGRESS_WHEN: "always",
  CARGO_TERM_PROGRESS_WIDTH: "80",
};

/** A build by cargo: what it says of the sources is read from its messages, whatever else is printed in between. */
export function cargoTool(build: CargoBuild, folders: () => CargoFolders, clock: Clock): BuildTool {
  const { toolchain, args, isCheck = false } = build;
  const run = isCheck ? undefined : build.run;
  const verb = isCheck ? "check" : run === undefined ? "build" : "run";
  const selected = toolchain === undefined ? [] : [`+${toolchain}`];
  const rest = run === undefined || run.length === 0 ? args : [...args, "--", ...run];
  const name = ["cargo", ...selected, verb, ...rest].join(" ");
  const program: Program = {
    command: "cargo",
    args: [...selected, verb, MESSAGES, ...rest],
    cwd: build.cwd,
    env: { ...build.env, ...CARGO_ENVIRONMENT },
    isShell: false,
  };
  return { name, start: (note) => new CargoRun(name, folders(), clock, note).start(program) };
}

/** One run of cargo. */
class CargoRun {
  readonly #name: string;
  readonly #folders: CargoFolders;
  readonly #clock: Clock;
  readonly #note: (progress: string) => void;
  readonly #output = new OutputTail(OUTPUT_LENGTH);
  readonly #diagnostics: Diagnostic[] = [];
  readonly #startedAt: number;
  #renderedLength = 0;
  #isBuilt = false;
  #isFresh = true;
  /** When something was made last that others may wait for, and when that was known to be so. */
  #usedAt = 0;
  #waitMs = 0;
  #isSilent = false;
  readonly #lines = new Lines(/\n/);
  /** What is on the way is drawn over and over in one line. */
  readonly #statusLines = new Lines(/\r|\n/);
  #endSilence: () => void = () => undefined;

  constructor(name: string, folders: CargoFolders, clock: Clock, note: (progress: string) => void) {
    this.#name = name;
    this.#folders = folders;
    this.#clock = clock;
    this.#note = note;
    this.#startedAt = clock.now;
  }

  start(program: Program): RunningBuild {
    const running = startProgram(program, {
      onStdout: (text) => this.#read(text, () => running.stop()),
      onStderr: (text) => this.#readStatus(text, () => running.stop()),
    });
    return { ended: running.ended.then((end) => this.#resultOf(end)), stop: () => running.stop() };
  }

  #read(text: string, stop: () => void): void {
    for (const line of this.#lines.add(text)) this.#readLine(line);
    this.#awaitWord(stop);
  }

  #readLine(line: string): void {
    // What comes when cargo has ended its work is of the program that it runs, whatever it looks like.
    const message = this.#isBuilt ? undefined : readCargoLine(line, this.#folders);
    if (message === undefined) this.#output.add(`${line}\n`);
    else if (message.type === "diagnostic") this.#keep(message.diagnostic);
    else if (message.type === "artifact") this.#noteArtifact(message.isFresh, message.isUsed);
    else if (message.type === "finished") this.#isBuilt = message.isOk;
  }

  #keep(diagnostic: Diagnostic): void {
    this.#renderedLength += diagnostic.rendered?.length ?? 0;
    const isTooMuch = this.#renderedLength > RENDERED_LENGTH;
    this.#diagnostics.push(isTooMuch ? { ...diagnostic, rendered: undefined } : diagnostic);
  }

  #noteArtifact(isFresh: boolean, isUsed: boolean): void {
    if (isFresh) return;
    this.#isFresh = false;
    this.#waitMs = this.#usedAt;
    if (isUsed) this.#usedAt = this.#clock.now - this.#startedAt;
  }

  #readStatus(text: string, stop: () => void): void {
    for (const line of this.#statusLines.add(text)) this.#readStatusLine(line);
    this.#awaitWord(stop);
  }

  #readStatusLine(coloured: string): void {
    const line = stripVTControlCharacters(coloured);
    const [, progress] = /^ *Building \[.*\] (\d+\/\d+)/.exec(line) ?? [];
    if (progress !== undefined) this.#note(progress);
    else if (/^ *Blocking waiting for file lock/.test(line)) this.#note("waiting for another cargo");
    else if (line.trim() !== "") this.#output.add(`${line}\n`);
  }

  /** Wait for the program that cargo runs to say something, or to end. */
  #awaitWord(stop: () => void): void {
    this.#endSilence();
    if (!this.#isBuilt) return;
    this.#endSilence = this.#clock.after(SILENCE_MS, () => {
      this.#isSilent = true;
      stop();
    });
  }

  #resultOf(end: ProgramEnd): BuildResult {
    this.#endSilence();
    // Whoever is ended, ends no line.
    const rest = this.#lines.takeRest();
    if (rest !== "") this.#readLine(rest);
    this.#readStatusLine(this.#statusLines.takeRest());
    const output = this.#output.text;
    const problem = this.#problemIn(end, output);
    const diagnostics = this.#diagnostics;
    return {
      isOk: problem === undefined,
      diagnostics,
      problem,
      // What cargo says besides says nothing that its messages do not.
      output: renderedErrors(diagnostics) ?? output,
      isFresh: this.#isFresh,
      waitMs: this.#waitMs,
    };
  }

  #problemIn({ exitCode, signal, startError }: ProgramEnd, output: string): string | undefined {
    if (startError?.code === "ENOENT")
      return "There is no cargo here: install Rust from https://rustup.rs, or set PATH to where it is.";
    if (startError !== undefined) return `${this.#name} could not be started: ${startError.message}.`;
    if (this.#isSilent) return `${this.#name}: the program has said nothing for ${SILENCE_MS / 1_000} s.`;
    if (signal !== undefined) return `${this.#name} was ended by ${signal}.`;
    if (exitCode === 0) return undefined;
    if (this.#isBuilt) return `${this.#name}: the program failed with exit code ${exitCode}.`;
    const [, said] = /^error: (.+)$/m.exec(output) ?? [];
    const isSum = said === undefined || said.startsWith("could not compile");
    return isSum ? `${this.#name} failed.` : `${this.#name} failed: ${said}.`;
  }
}

/** So many lines of errors are read where a save is told; all of them are in the page. */
const LINES_SHOWN = 50;

/** The first errors as rustc shows them; nothing where there is none. */
function renderedErrors(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ level }) => level === "error");
  const texts: string[] = [];
  let lines = 0;
  for (const { rendered, message } of errors) {
    const text = (rendered ?? message).trimEnd();
    lines += text.split("\n").length + 1;
    if (texts.length > 0 && lines > LINES_SHOWN) break;
    texts.push(text);
  }
  const more = errors.length - texts.length;
  if (more > 0) texts.push(`and ${countOf(more, "more error")}`);
  return errors.length === 0 ? undefined : texts.join("\n\n");
}
