import { syncBuiltinESMExports } from "node:module";

/** A function of Node as a patch sees it: whatever it is called with goes on as it came. */
export type Callable = (this: unknown, ...args: readonly unknown[]) => unknown;

/** What a patched function does: decide, then call `original`, on the same `this`. */
export type Patched = (self: unknown, args: readonly unknown[], original: Callable, own: Callable) => unknown;

/**
 * Stand before a function of Node. Returns the undo, which leaves it alone if somebody has patched it since: they
 * call us, and without owners we only pass the call on.
 *
 * @param holder where it is found; several are given the same function
 * @param patched gets itself as `own`, so that a stack can be read from its caller on
 */
export function patchMethod(holder: object | readonly object[], name: string, patched: Patched): () => void {
  const holders: readonly object[] = Array.isArray(holder) ? holder : [holder];
  const original: unknown = holders[0] && Reflect.get(holders[0], name);
  if (typeof original !== "function") return () => undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was just seen to be callable
  const callOriginal = original as Callable;
  let isOn = true;
  const own = function (this: unknown, ...args: readonly unknown[]): unknown {
    return isOn ? patched(this, args, callOriginal, own) : Reflect.apply(callOriginal, this, args);
  };
  // `util.promisify.custom`, `name` and `length` belong to the function.
  Object.defineProperties(own, extrasOf(callOriginal));
  const undo = holders.map((each) => replaceValue(each, name, own));
  return () => {
    isOn = false;
    for (const step of undo) step();
  };
}

/** Stand before a class of Node: `after` sees every instance that `new` makes. */
export function patchClass(
  holder: object,
  name: string,
  after: (instance: object, own: Callable, args: readonly unknown[]) => void,
): () => void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== "function") return () => undefined;
  let isOn = true;
  const construct = (target: Function, args: readonly unknown[], newTarget: Function): object => {
    const instance: object = Reflect.construct(target, args, newTarget === own ? target : newTarget);
    // The proxy has no frame of its own: the stack is read from its trap on.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it only marks a place in the stack
    if (isOn) after(instance, construct as Callable, args);
    return instance;
  };
  const own: Function = new Proxy(original, { construct });
  const undo = replaceValue(holder, name, own);
  return () => {
    isOn = false;
    undo();
  };
}

let isTogether = false;

/** Patch (or take back) many functions: that named imports see it is brought about once, for all of them. */
export function patchTogether<T>(patch: () => T): T {
  isTogether = true;
  try {
    return patch();
  } finally {
    isTogether = false;
    syncNamedExports();
  }
}

function syncNamedExports(): void {
  if (!isTogether) syncBuiltinESMExports();
}

function replaceValue(holder: object, name: string, value: unknown): () => void {
  const before = Reflect.getOwnPropertyDescriptor(holder, name);
  Object.defineProperty(holder, name, {
    value,
    writable: true,
    enumerable: before?.enumerable ?? true,
    configurable: true,
  });
  syncNamedExports();
  return () => {
    if (Reflect.getOwnPropertyDescriptor(holder, name)?.value !== value) return;
    if (before === undefined) Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, name, before);
    syncNamedExports();
  };
}

function extrasOf(original: Callable): PropertyDescriptorMap {
  const extras: PropertyDescriptorMap = Object.getOwnPropertyDescriptors<object>(original);
  Reflect.deleteProperty(extras, "prototype");
  return extras;
}
