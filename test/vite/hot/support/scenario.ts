import type { DevEnvironment, Environment, Plugin } from "vite";

/** Root-relative path -> text. */
export type Files = Readonly<Record<string, string>>;

/** A server that runs a scenario: ours, or Vite with its own module runner. */
export interface Bench {
  /** Ask `pages/api/probe.js` for its text, which is noted as `-> text`; a failure as `-> failed`. */
  readonly ask: () => Promise<void>;
  /** Save files, let the server know, and wait until all that follows is done. */
  readonly save: (files: Files) => Promise<void>;
  /** Wait until what a plugin, or running code, has set going is done. */
  readonly settle: () => Promise<void>;
  /** The environment in which the modules are transformed. */
  readonly environment: DevEnvironment;
  /** Note something beside what the modules note with `log`. */
  readonly note: (text: string) => void;
}

/** One row of the contract. */
export interface Scenario {
  /** What of `import.meta.hot`, or of Vite's server, it is about. */
  readonly member: string;
  /** What holds, as the table of the documentation says it. */
  readonly law: string;
  readonly files: Files;
  readonly plugins?: (note: (text: string) => void) => readonly Plugin[];
  readonly run: (bench: Bench) => Promise<void>;
  /** All that is noted, in order. */
  readonly expected: readonly string[];
  /** With `hmr.propagation: "importers"`, where more runs again for it. @default {@link expected} */
  readonly everyImporter?: readonly string[];
  /** What Vite does instead, where that differs on purpose. */
  readonly vite?: {
    readonly expected: readonly string[];
    /** What holds there. */
    readonly law: string;
    /** Why it differs. */
    readonly reason: string;
    /** What to write where code relies on what Vite does. */
    readonly instead: string;
  };
  /** The scenario is about what a watcher's event sets going: it does not hold without one. */
  readonly needsWatcher?: boolean;
}

/** For the head of a module: notes something for the scenario. */
export const LOG = "const log = (text) => { orbitNote(String(text)); };";

/** The entry of every scenario. */
export const ENTRY = "pages/api/probe.js";

/** The text of the entry: it answers with an expression. */
export function probe(expression: string | number, head = ""): string {
  return `${head}\nexport const GET = () => new Response(String(${expression}));`;
}

/** A module that notes that it runs, exports `a`, and accepts itself: Vite replaces it alone. */
export function accepting(n: number, rest = ""): string {
  return `${LOG} log("evaluate ${n}"); export const a = ${n};\nimport.meta.hot.accept();\n${rest}`;
}

/** Whether the modules of a scenario are those of an environment: ours has Vite's `ssr` beside it. */
export function runsScenario({ name, config }: Environment): boolean {
  return name === ("orbit_api" in config.environments ? "orbit_api" : "ssr");
}
