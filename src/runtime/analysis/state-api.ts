import { methodOf, receiverOf } from "./callbacks.ts";
import { mentionAt } from "./mentions.ts";
import type { LocalBinding, ModuleModel } from "./module-model.ts";
import { moduleRequest, requiredBy } from "./runtime-imports.ts";
import { calleeOf, child, isCall, memberName, rootOf, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Where the state API is imported from. */
export const STATE_MODULE = "orbit-hmr/state";

const SUBSCRIPTIONS: ReadonlySet<string> = new Set(["onStateChange", "subscribe"]);

/** The name of the state API's function that a call runs, `createStore` for example. */
export function stateFunctionOf(call: Node, model: ModuleModel): string | undefined {
  const callee = call.type === "CallExpression" ? calleeOf(call) : undefined;
  if (callee === undefined) return undefined;
  const mention = mentionAt(model, callee);
  if (mention?.target.kind !== "import" || mention.node !== callee) return requiredFunction(callee, model);
  const { import: index, name } = mention.target.reference;
  return model.imports[index]?.specifier === STATE_MODULE ? name : undefined;
}

/** The same of what `require` gives: `createStore` of a pattern, `state.createStore`, `require("…").createStore`. */
function requiredFunction(callee: Node, model: ModuleModel): string | undefined {
  // Compilers write `(0, state.createStore)()`.
  const called = unwrapped(callee);
  const root = rootOf(called);
  const object = child(called, "object");
  if (called !== root && (object === undefined || unwrapped(object) !== root)) return undefined;
  const binding = bindingOf(root, model);
  const isGiven =
    binding === undefined ? isRequest(root, model) : requiredBy(model, binding) === STATE_MODULE;
  if (!isGiven) return undefined;
  const path = binding === undefined ? [] : pathOf(binding);
  const names = called === root ? path : [...path, memberName(called)];
  return names.length === 1 ? names[0] : undefined;
}

function isRequest(value: Node, model: ModuleModel): boolean {
  const callee = isCall(value) ? calleeOf(value) : undefined;
  const mention = callee?.type === "Identifier" ? mentionAt(model, callee) : undefined;
  return mention !== undefined && moduleRequest(model, mention)?.specifier === STATE_MODULE;
}

/** What a name holds of what is required: `const { a } = require("…")`, `const a = require("…").a`. */
function pathOf({ initial }: LocalBinding): readonly (string | undefined)[] {
  const value = initial && unwrapped(initial.node);
  const member = value?.type === "MemberExpression" ? [memberName(value)] : [];
  return [...member, ...(initial?.path ?? [])];
}

/** `store.subscribe(…)` on what the state API made: such a subscription belongs to its generation. */
export function isStateSubscription(call: Node, model: ModuleModel): boolean {
  const callee = calleeOf(call);
  if (!callee) return false;
  const method = methodOf(call);
  if (method === undefined) {
    // `const { onStateChange } = createStatefulHandler(…)`
    const binding = bindingOf(callee, model);
    return (
      binding !== undefined &&
      SUBSCRIPTIONS.has(binding.initial?.path.at(-1) ?? "") &&
      isStateValue(binding, model)
    );
  }
  const receiver = receiverOf(call);
  if (!receiver || !SUBSCRIPTIONS.has(method)) return false;
  const made = unwrapped(receiver);
  if (isCall(made)) return stateFunctionOf(made, model) !== undefined;
  const binding = bindingOf(made, model);
  return binding !== undefined && isStateValue(binding, model);
}

function bindingOf(name: Node, model: ModuleModel): LocalBinding | undefined {
  const mention = name.type === "Identifier" ? mentionAt(model, name) : undefined;
  return mention?.target.kind === "binding" ? mention.target.binding : undefined;
}

function isStateValue({ initial, assigned }: LocalBinding, model: ModuleModel): boolean {
  const made = initial && unwrapped(initial.node);
  return (
    made !== undefined && assigned.length === 0 && isCall(made) && stateFunctionOf(made, model) !== undefined
  );
}
