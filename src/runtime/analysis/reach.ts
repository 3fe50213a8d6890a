import { itemsIn } from "./mentions.ts";
import { ENVIRONMENT } from "./module-analysis.ts";
import type { ImportReference } from "./module-analysis.ts";
import type { LocalBinding, CodeUnit, Mention, ModuleModel } from "./module-model.ts";
import { moduleRequest, requiredBy } from "./runtime-imports.ts";
import type { Region } from "./syntax.ts";

/** All that pieces of text can get at through the names of this module. */
export interface ReachedCode {
  /** The pieces themselves, and all functions behind the names on the way. */
  readonly code: readonly Region[];
  /** What they mention of other modules and of the environment, in code that runs after the module's own evaluation. */
  readonly references: readonly ImportReference[];
  /** What other modules have made that they hand on as it is: functions, perhaps. */
  readonly handedOn: readonly ImportReference[];
  /**
   * What they ask for with `import("…")` or `require("…")`, or use of what a `require` at top level has given; `"*"` when
   * computed.
   */
  readonly requests: readonly string[];
  /** Whether something is used that only a caller knows. */
  readonly hasParameters: boolean;
}

/** What pieces of text mention themselves. */
interface ReachStep {
  readonly code: readonly Region[];
  readonly bindings: Set<LocalBinding>;
  readonly methods: Set<string>;
  readonly references: Map<string, ImportReference>;
  readonly handedOn: Map<string, ImportReference>;
  readonly requests: Set<string>;
}

/** In a large module everything leads to the same names. A binding ends with its model, and so does its step. */
const stepByBinding = new WeakMap<LocalBinding, ReachStep>();
const stepByMethods = new WeakMap<readonly CodeUnit[], ReachStep>();

/** Follow the names in pieces of text to their values, and the names in those, to the end. */
export function reachFrom(model: ModuleModel, start: readonly Region[]): ReachedCode {
  const first = stepInto(model, start);
  const bindings = new Set<LocalBinding>();
  const methods = new Set<string>();
  const references = new Map<string, ImportReference>();
  const handedOn = new Map<string, ImportReference>();
  const requests = new Set<string>();
  const code = [...start];
  const steps = [first];
  // The list grows while it is walked.
  for (const step of steps) {
    if (step !== first) code.push(...step.code);
    for (const [name, reference] of step.references) references.set(name, reference);
    for (const [name, reference] of step.handedOn) handedOn.set(name, reference);
    for (const request of step.requests) requests.add(request);
    for (const binding of step.bindings) {
      if (!bindings.has(binding)) steps.push(stepOfBinding(model, binding));
      bindings.add(binding);
    }
    for (const name of step.methods) {
      if (!methods.has(name)) steps.push(stepOfMethod(model, name));
      methods.add(name);
    }
  }
  const hasParameters = [...bindings].some(({ kind }) => kind === "parameter");
  return {
    code,
    references: [...references.values()],
    handedOn: [...handedOn.values()],
    requests: [...requests],
    hasParameters,
  };
}

function stepOfBinding(model: ModuleModel, binding: LocalBinding): ReachStep {
  const known = stepByBinding.get(binding);
  if (known) return known;
  const step = stepInto(model, binding.values);
  stepByBinding.set(binding, step);
  return step;
}

function stepOfMethod(model: ModuleModel, name: string): ReachStep {
  const methods = model.unitsByKey.get(name) ?? [];
  const known = stepByMethods.get(methods);
  if (known) return known;
  const step = stepInto(
    model,
    methods.map(({ node }) => node),
  );
  stepByMethods.set(methods, step);
  return step;
}

function stepInto(model: ModuleModel, regions: readonly Region[]): ReachStep {
  const step: ReachStep = {
    code: regions.filter((region) => itemsIn(model.units, region).length > 0),
    bindings: new Set(),
    methods: new Set(),
    references: new Map(),
    handedOn: new Map(),
    requests: new Set(),
  };
  for (const region of regions) {
    for (const mention of itemsIn(model.mentions, region)) noteMention(model, step, mention);
  }
  return step;
}

function noteMention(model: ModuleModel, step: ReachStep, mention: Mention): void {
  const { target, unit } = mention;
  // What the module's own top level does was seen when it evaluated.
  const isLater = unit.kind !== "module";
  const key = isLater ? model.environment.get(mention) : undefined;
  if (key !== undefined) step.references.set(`env.${key}`, { import: ENVIRONMENT, name: key });
  if (target.kind === "import") {
    const { reference } = target;
    const name = `${reference.import}.${reference.name}`;
    if (isLater) step.references.set(name, reference);
    else if (!model.callees.has(mention.node)) step.handedOn.set(name, reference);
    return;
  }
  if (target.kind === "binding") {
    step.bindings.add(target.binding);
    const required = isLater ? requiredBy(model, target.binding) : undefined;
    if (required !== undefined) step.requests.add(required);
  }
  if (target.kind === "method") step.methods.add(target.name);
  const request = isLater ? moduleRequest(model, mention) : undefined;
  if (request) step.requests.add(request.specifier ?? "*");
}

/** The functions whose text lies in one of the regions. */
export function unitsIn(model: ModuleModel, regions: readonly Region[]): readonly CodeUnit[] {
  return regions.flatMap((region) => itemsIn(model.units, region));
}
