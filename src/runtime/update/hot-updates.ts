import type { RuntimeHost } from "../host.ts";
import type { Wait } from "../evaluate/disposal.ts";
import type { ModuleGraph } from "../model/module-graph.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { Acceptance } from "./acceptance.ts";
import { acceptedWay } from "./accepted-way.ts";
import { Invalidations } from "./invalidations.ts";
import { UpdateEvents } from "./update-events.ts";

/** What `import.meta.hot` has to do with updates: who accepts them, who is told of them, who has others run again. */
export class HotUpdates {
  readonly #graph: ModuleGraph;
  readonly acceptance: Acceptance;
  readonly events: UpdateEvents;
  readonly invalidations: Invalidations;

  /** @param deadlineMs how long an update waits for listeners */
  constructor(graph: ModuleGraph, host: RuntimeHost, deadlineMs: number) {
    this.#graph = graph;
    this.events = new UpdateEvents(graph, deadlineMs);
    this.invalidations = new Invalidations(this.events, host);
    this.acceptance = new Acceptance(graph, this.invalidations);
  }

  /** What was saved cannot even be linked: an update that is over before anything runs. */
  async refuse(modules: Iterable<ModuleRecord>, wait: Wait): Promise<void> {
    const changed = this.acceptance.newsAmong(modules);
    if (changed.length === 0) return;
    const edited = new Map(changed.map((module) => [module, { kind: "edited" }] as const));
    // Where Vite would reload everything nothing happens at all.
    const { hasDeadEnd } = acceptedWay(this.#graph, changed);
    const announced = hasDeadEnd ? undefined : await this.events.begin(edited, wait);
    this.acceptance.callWithout(changed);
    announced?.end();
  }
}
