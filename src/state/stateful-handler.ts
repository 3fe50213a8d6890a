import { expectFunction, expectKey, wrongArgument } from "./argument.ts";
import { copyOf } from "../values/copy.ts";
import type { GenerationScope } from "./generation.ts";
import { subscribe } from "./listeners.ts";
import { currentScope } from "./phase.ts";
import { emptyEntry, entryOf } from "./registry.ts";
import type { Entry, HistoryEntry, StateObject } from "./entries.ts";
import type {
  CheckedHandler,
  HandlersByMethod,
  InferredHandler,
  NoFunction,
  RouteFunctions,
} from "./handler-types.ts";
import { expectMigration } from "./migration.ts";
import { isPlainObject } from "../values/kinds.ts";
import { defineState, stateRules, withDefaults, withKeys } from "./state-body.ts";
import { open } from "./transaction.ts";

/** The state of a handler: what is kept when its code is replaced. */
export interface HandlerState<State> {
  /** The current state. It is the state itself and not a copy. */
  readonly getState: () => State;
  /** Merges `partial` into the state. @returns The new state. */
  readonly setState: (partial: Partial<State>) => State;
  /**
   * Merges a partial state, or what the updater makes of the current state. The updater must be pure: called while the
   * module is evaluated, it runs again when the module becomes live.
   * @returns The new state.
   */
  readonly updateState: (update: Partial<State> | ((previous: State) => Partial<State>)) => State;
  /** Goes back to the initial state. @returns The new state. */
  readonly resetState: () => State;
  /**
   * Calls `listener` after each change. Subscriptions made at the top level of a module end when it is replaced.
   * @returns Ends the subscription.
   */
  readonly onStateChange: (listener: (next: State, previous: State) => void) => () => void;
  /** The last 100 changes, oldest first. */
  readonly history: () => readonly HistoryEntry<State>[];
}

/** The handlers as they came, and their state. */
export type StatefulHandler<State, Handlers> = Handlers & HandlerState<State>;

/** Options of {@link createStatefulHandler}. */
export interface StatefulHandlerOptions<State = StateObject> {
  /**
   * Names the state. Definitions with the same id share one state.
   * @default In development the file and the name of the variable; otherwise none: the state belongs to this one call.
   */
  readonly id?: string;
  /**
   * The clock of the history, in epoch milliseconds.
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * The version of the form of the state: raise it when what was kept no longer fits. State of another version goes
   * through `migrate`, after an edit as after a restart; without `migrate` it starts anew, and that is said.
   * @default Whatever is kept fits; new state is of version 1.
   */
  readonly version?: number;
  /**
   * Makes a state of this version from one of another, older or newer. It must be pure: it may run again when the module
   * becomes live. When it throws, the state starts anew and the old one is kept aside for the next edit.
   */
  readonly migrate?: (old: StateObject, oldVersion: number) => Partial<State>;
}

/**
 * Gives route handlers a state that survives new code. When the module is edited, the handlers are the new ones and
 * the state stays: a key added to `initialState` appears, a changed default shows where the value was never changed,
 * and a removed key goes unless it was changed.
 *
 * A handler that throws has changed what it has changed: there is no transaction around a request, and the state keeps
 * what was written before, also when a `Response` is thrown as the answer.
 *
 * Handlers may mention the handler itself. TypeScript knows `request` and `{ params }` without annotations. What handlers
 * return is checked where a function makes them of the state: `(state) => ({ … })`.
 *
 * @throws TypeError when an argument has the wrong form.
 * @example
 * const handler = createStatefulHandler(
 *   { count: 0 },
 *   {
 *     async POST() {
 *       const { count } = handler.updateState((previous) => ({ count: previous.count + 1 }));
 *       return Response.json({ count });
 *     },
 *   },
 * );
 * export const { POST } = handler;
 * @example
 * export const { GET } = createStatefulHandler({ count: 0 }, (state) => ({
 *   async GET(request, { params }) {
 *     return Response.json({ url: request.url, id: params.id, ...state.getState() });
 *   },
 * }));
 */
export function createStatefulHandler<State extends object = never>(
  initialState: NoInfer<State>,
  handlers?:
    | HandlersByMethod<InferredHandler>
    | ((state: HandlerState<NoInfer<State>>) => HandlersByMethod<CheckedHandler>),
  options?: StatefulHandlerOptions<NoInfer<State>>,
): StatefulHandler<State, HandlersByMethod<InferredHandler>>;
export function createStatefulHandler<State extends object>(
  initialState: State,
  // oxlint-disable-next-line typescript/no-empty-object-type -- no handlers, no methods
): StatefulHandler<State, {}>;
export function createStatefulHandler<State extends object, Handlers extends RouteFunctions<Handlers>>(
  initialState: State,
  handlers: Handlers & { readonly [Method in keyof Handlers]: InferredHandler } & NoFunction,
  options?: StatefulHandlerOptions<NoInfer<State>>,
): StatefulHandler<State, Handlers>;
export function createStatefulHandler<
  State extends object,
  Handlers extends { readonly [Method in keyof Handlers]: CheckedHandler },
>(
  initialState: State,
  handlers: (
    state: HandlerState<State>,
  ) => Handlers & { readonly [Method in keyof Handlers]: CheckedHandler },
  options?: StatefulHandlerOptions<NoInfer<State>>,
): StatefulHandler<State, Handlers>;
/** The implementation takes one argument more: `hotId`, file and variable, written by the code transform. */
export function createStatefulHandler(
  initialState: object,
  handlers: object = {},
  options: StatefulHandlerOptions = {},
  hotId?: string,
): StatefulHandler<StateObject, object> {
  const state = openState(checkedState(initialState), options, hotId);
  const made: unknown = typeof handlers === "function" ? handlers(state) : handlers;
  checkHandlers(made);
  return { ...made, ...state };
}

function openState(
  initial: StateObject,
  options: StatefulHandlerOptions,
  hotId: string | undefined,
): HandlerState<StateObject> {
  const { id = hotId, now = Date.now, version, migrate } = options;
  if (id !== undefined) expectKey("createStatefulHandler", "options.id", id);
  expectFunction("createStatefulHandler", "options.now", now);
  expectMigration("createStatefulHandler", version, migrate);

  const entry = id === undefined ? unnamedEntry() : entryOf("handler", id);
  const migration = {
    version,
    migrate: migrate && ((old: StateObject, from: number) => checkedPartial("migrate", migrate(old, from))),
  };
  const { read, write } = open(entry, stateRules, defineState({ id: entry.key, initial, now, migration }));
  const merge = (from: (state: StateObject) => unknown, name: string): StateObject =>
    write((body) => withKeys(body, checkedPartial(name, from(body.state)), now)).state;

  return {
    getState: () => read().state,
    setState: (partial) => merge(() => partial, "setState"),
    updateState: (update) => merge(typeof update === "function" ? update : () => update, "updateState"),
    resetState: () => write((body) => withDefaults(body, now)).state,
    onStateChange(listener) {
      expectFunction("onStateChange", "listener", listener);
      return subscribe(entry, listener);
    },
    history: () => read().history,
  };
}

/** How many handlers without a name each evaluation has made. */
const unnamed = new WeakMap<GenerationScope, number>();

/**
 * State whose name is not in the text, because a module of the project passes the state API on, or makes handlers in a
 * function of its own. It is known by the module that runs and by its turn in there; outside of modules it belongs to one call.
 */
function unnamedEntry(): Entry<"handler"> {
  const scope = currentScope();
  if (scope === undefined) return emptyEntry("handler", "");
  const turn = (unnamed.get(scope) ?? 0) + 1;
  unnamed.set(scope, turn);
  return entryOf("handler", `${scope.module}:#${turn}`);
}

function checkedState(initialState: unknown): StateObject {
  if (!isPlainObject(initialState)) {
    throw wrongArgument("createStatefulHandler", "initialState", "a plain object", initialState);
  }
  // A copy: the same object may be the initial state of two handlers.
  return copyOf(initialState);
}

function checkHandlers(handlers: unknown): asserts handlers is object {
  if (typeof handlers !== "object" || handlers === null || handlers instanceof Promise) {
    throw wrongArgument(
      "createStatefulHandler",
      "handlers",
      "an object of functions, or a function that makes one",
      handlers,
    );
  }
  for (const [method, handler] of Object.entries(handlers)) {
    if (RESERVED.has(method)) {
      throw new TypeError(
        `[orbit] createStatefulHandler adds ${method} itself. Give your handler another name.`,
      );
    }
    expectFunction("createStatefulHandler", `handlers.${method}`, handler);
  }
}

const RESERVED: ReadonlySet<string> = new Set<keyof HandlerState<unknown>>([
  "getState",
  "setState",
  "updateState",
  "resetState",
  "onStateChange",
  "history",
]);

function checkedPartial(name: string, partial: unknown): StateObject {
  if (partial instanceof Promise) {
    throw new TypeError(`[orbit] ${name} expected an object, got a promise. Await first, then update.`);
  }
  if (!isPlainObject(partial)) throw wrongArgument(name, "partial", "a plain object", partial);
  return partial;
}
