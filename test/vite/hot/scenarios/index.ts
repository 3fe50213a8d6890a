import type { Scenario } from "../support/scenario.ts";
import { ACCEPT } from "./accept.ts";
import { DATA_AND_DISPOSE } from "./data-and-dispose.ts";
import { EVENTS } from "./events.ts";
import { INVALIDATE } from "./invalidate.ts";
import { MODULE_GRAPH } from "./module-graph.ts";

/** The contract, row by row, in the order of the documentation. */
export const SCENARIOS: readonly Scenario[] = [
  ...DATA_AND_DISPOSE,
  ...ACCEPT,
  ...EVENTS,
  ...INVALIDATE,
  ...MODULE_GRAPH,
];
