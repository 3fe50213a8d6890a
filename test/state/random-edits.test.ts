import { expect, test } from "vitest";
import { createStatefulHandler, type StatefulHandler } from "../../src/state/index.ts";
import { fakeHost, useFreshRegistry } from "./fake-host.ts";
import { randomFrom } from "../support/random.ts";

useFreshRegistry();

type State = Record<string, number>;

/** The rules in their plainest form: values, the defaults they came from, and the keys somebody changed. */
interface Model {
  values: State;
  defaults: State;
  changed: Set<string>;
}

function write(model: Model, key: string, value: number): Model {
  const changed = model.values[key] === value ? model.changed : new Set([...model.changed, key]);
  return { ...model, values: { ...model.values, [key]: value }, changed };
}

function merge(model: Model, defaults: State): Model {
  const kept = Object.entries(model.values).filter(([key]) => model.changed.has(key));
  return { values: { ...defaults, ...Object.fromEntries(kept) }, defaults, changed: model.changed };
}

const KEYS = ["a", "b", "c", "d"];
const MODULE = "m.ts";

type Write = readonly [key: string, value: number];

function define(defaults: State): StatefulHandler<State, object> {
  return createStatefulHandler(defaults, {}, { id: "h" });
}

/** A process whose code is edited at random, beside the model that it must agree with. */
function randomProcess(seed: number) {
  const host = fakeHost();
  const random = randomFrom(seed);
  const someDefaults = (): State =>
    Object.fromEntries(KEYS.filter(() => random(3) > 0).map((key) => [key, random(3)]));
  const someWrites = (): Write[] =>
    Array.from({ length: random(3) }, () => [KEYS[random(KEYS.length)] ?? "a", 10 + random(3)] as const);

  const defaults = someDefaults();
  const handles = [host.edit(MODULE, () => define(defaults))];
  let model: Model = { values: defaults, defaults, changed: new Set() };

  const request = (): void => {
    for (const [key, value] of someWrites()) {
      handles[random(handles.length)]?.setState({ [key]: value });
      model = write(model, key, value);
    }
  };

  const edit = (): void => {
    const edited = someDefaults();
    const topLevel = someWrites();
    const afterEdit = (): Model =>
      topLevel.reduce((all, [key, value]) => write(all, key, value), merge(model, edited));
    const generation = host.evaluate(MODULE, () => {
      const handler = define(edited);
      if (random(2) === 0) handler.getState();
      for (const [key, value] of topLevel) handler.updateState(() => ({ [key]: value }));
      return handler;
    });
    expect(generation.exports.getState()).toEqual(afterEdit().values);
    request();
    if (random(2) === 0) return generation.abandon();
    generation.goLive();
    handles.push(generation.exports);
    model = afterEdit();
  };

  const step = (): void => (random(2) === 0 ? request() : edit());
  const states = (): State[] => handles.map((handle) => handle.getState());
  return { step, states, expected: () => handles.map(() => model.values) };
}

test.each(Array.from({ length: 300 }, (_, seed) => [seed]))(
  "any mix of edits, abandoned edits and writes leaves what the rules say: seed %i",
  (seed) => {
    const { step, states, expected } = randomProcess(seed);
    for (let steps = 0; steps < 40; steps += 1) {
      step();
      expect(states()).toEqual(expected());
    }
  },
);
