import { inspect } from "node:util";
import { firstOf, MAX_STATE_TEXT } from "../protocol/panel.ts";
import type {
  Some,
  StateAnswer,
  StateChange,
  StateQuestion,
  StateRow,
  ShownState,
} from "../protocol/panel.ts";
import { messageOf } from "../protocol/message-of.ts";
import { inspectState, jsonPartsOf, replaceState, resetState } from "../state/inspect-state.ts";
import type { InspectedState } from "../state/inspect-state.ts";

/** So many rows, and so many changes, are shown. */
const MAX_SHOWN = 100;

/** Do what a panel wants of a piece of explicit state. */
export function answerAboutState({ ask, kind, id, wish, text }: StateQuestion): StateAnswer {
  const before = inspectState(kind, id);
  if (before === undefined) return { ask, refusal: `There is no ${kind} ${JSON.stringify(id)} any more.` };
  if (wish === "read") return { ask, view: viewOf(before) };
  const refusal = wish === "write" ? write(before, id, text ?? "") : undefined;
  if (refusal !== undefined) return { ask, refusal };
  if (wish === "reset") resetState(kind, id);
  return { ask, view: viewOf(inspectState(kind, id) ?? before) };
}

/** Returns why it cannot be written, if it cannot. */
function write(before: InspectedState, id: string, text: string): string | undefined {
  if (before.kind !== "handler" && before.kind !== "store") return `A ${before.kind} cannot be edited.`;
  const { sayable, others } = jsonPartsOf(before.value);
  if (sayable === undefined && before.value !== undefined) return "JSON cannot say what it holds.";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return messageOf(error);
  }
  const object = typeof value === "object" && !Array.isArray(value) ? value : null;
  if (object === null && (before.kind === "handler" || Object.keys(others).length > 0))
    return 'Expected an object, such as { "count": 1 }.';
  const wanted = object === null ? value : { ...others, ...object };
  const lost = Object.keys(others).find(
    (key) => others[key] !== undefined && Reflect.get(Object(wanted), key) !== others[key],
  );
  if (lost !== undefined)
    return `JSON cannot say what ${JSON.stringify(lost)} holds, so it stays as it is: take it out of the text.`;
  replaceState(before.kind, id, wanted);
  return undefined;
}

function viewOf(state: InspectedState): ShownState {
  switch (state.kind) {
    case "handler":
    case "store":
      return editableView(state);
    case "cache": {
      const records = state.records.map(({ key, value, endsAt }) => rowOf(String(key), value, endsAt));
      return { rows: firstOf(records.toReversed(), MAX_SHOWN), history: NONE, reset: "Empty the cache" };
    }
    case "rate-limit": {
      const { maxRequests, windows } = state;
      const rows = windows.map(({ identifier = "(without an identifier)", count, endsAt: until }) => {
        return { name: identifier, text: `${count} of ${maxRequests} requests`, until };
      });
      return { rows: firstOf(rows.toReversed(), MAX_SHOWN), history: NONE, reset: "Begin new windows" };
    }
    case "singleton":
  }
  return {
    note: "It is open in this process: your code holds it, too.",
    rows: firstOf([rowOf("value", state.value)], 1),
    history: NONE,
  };
}

const NONE = { shown: [], more: 0 };

function editableView({
  kind,
  value,
  history,
}: InspectedState & { readonly kind: "handler" | "store" }): ShownState {
  const shared = { history: historyOf(kind, history), reset: "Back to the initial value" };
  if (value === undefined)
    return { ...shared, json: "", note: "It was deleted: it has no value.", rows: NONE };
  const { sayable, others } = jsonPartsOf(value);
  const json = sayable === undefined ? undefined : JSON.stringify(sayable, undefined, 2);
  if (json === undefined || json.length > MAX_STATE_TEXT) {
    const note = json === undefined ? "JSON cannot say what it holds." : "It is too large to be edited here.";
    return { ...shared, note, rows: firstOf([rowOf("value", value)], 1) };
  }
  const rows = Object.entries(others).map(([name, other]) => rowOf(name, other));
  const note = rows.length > 0 ? "What JSON cannot say stays as it is." : undefined;
  return { ...shared, json, note, rows: firstOf(rows, MAX_SHOWN) };
}

/** What each change made another, the newest first. */
function historyOf(
  kind: "handler" | "store",
  history: (InspectedState & { kind: "store" })["history"],
): Some<StateChange> {
  const changes = history.map(({ version, at, state }, index): StateChange => {
    const before = history[index - 1]?.state ?? {};
    const changed = Object.entries(state).filter(([key, value]) => !Object.is(value, before[key]));
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(state, key));
    const texts = [
      ...changed.map(([key, value]) => (kind === "store" ? readable(value) : `${key}: ${readable(value)}`)),
      ...gone.map((key) => `without ${key}`),
    ];
    return { version, at, text: texts.join(", ") };
  });
  return firstOf(changes.toReversed(), MAX_SHOWN);
}

function rowOf(name: string, value: unknown, until?: number): StateRow {
  const isLimited = until !== undefined && Number.isFinite(until);
  return { name, text: readable(value), ...(isLimited && { until }) };
}

/** A value as people read it: no getter is run, and no code of the project. */
function readable(value: unknown): string {
  return inspect(value, {
    depth: 4,
    breakLength: 100,
    maxArrayLength: 50,
    maxStringLength: 1_000,
    customInspect: false,
    showProxy: true,
  });
}
