import type { BuildResult, BuildTool, RunningBuild } from "../../src/build/build-tool.ts";
import { Builder } from "../../src/build/builder.ts";
import type { BuildNews } from "../../src/build/builder.ts";
import { FakeClock, settle } from "../reload/support/fake-clock.ts";

const OK: BuildResult = { isOk: true, diagnostics: [], output: "" };
export const FAILED: BuildResult = { isOk: false, diagnostics: [], problem: "It failed.", output: "" };

interface FakeRun extends RunningBuild {
  readonly from: string;
  isStopped: boolean;
  readonly end: (result: BuildResult) => void;
}

/** The end of a build, which a test brings about. */
export function openEnd(): Pick<FakeRun, "ended" | "end"> {
  const ends: FakeRun["end"][] = [];
  const ended = new Promise<BuildResult>((resolve) => ends.push(resolve));
  return { ended, end: (result) => ends.forEach((end) => end(result)) };
}

/** A builder whose builds take until the test ends them. It makes of the sources what they say. */
export class FakeBuild {
  readonly clock = new FakeClock();
  readonly sources = new Map([["/main", "1"]]);
  readonly made = new Map<string, string>();
  readonly news: BuildNews[] = [];
  readonly runs: FakeRun[] = [];
  readonly builder: Builder;

  constructor() {
    const tool: BuildTool = { name: "make", start: () => this.#start() };
    this.builder = new Builder({
      tool,
      inputs: { read: () => new Map(this.sources) },
      output: { read: () => new Map(this.made), digestOf: (file) => this.made.get(file) },
      clock: this.clock,
      onNews: (news) => this.news.push(news),
    });
  }

  /** How builds have ended, in their order. */
  get ends(): readonly string[] {
    return this.news.flatMap((each) => (each.type === "ended" ? [each.status] : []));
  }

  save(text: string, file = "/main"): void {
    this.sources.set(file, text);
    this.builder.note();
  }

  get running(): FakeRun {
    const last = this.runs.at(-1);
    if (last === undefined) throw new Error("Nothing has been built yet.");
    return last;
  }

  /** The build that runs ends after a while, having made what its sources said. */
  async finish(ms: number, result: BuildResult = OK): Promise<void> {
    const run = this.running;
    await this.clock.pass(ms);
    if (result.isOk) this.made.set("/out", run.from);
    run.end(result);
    await settle();
  }

  /** Build for the first time. */
  async first(ms = 100): Promise<void> {
    this.builder.buildNow();
    await this.finish(ms);
  }

  #start(): RunningBuild {
    const { ended, end } = openEnd();
    const from = [...this.sources].filter(([file]) => file === "/main").join();
    const run: FakeRun = {
      ended,
      from,
      isStopped: false,
      end,
      stop() {
        run.isStopped = true;
        end(FAILED);
      },
    };
    this.runs.push(run);
    return run;
  }
}
