import { currentReads } from "./recording.ts";

/**
 * An object that shows another one and notes which keys evaluations ask it for. Which one it shows is asked at every
 * access, so code that holds on to it sees today's values.
 *
 * @param target what consoles print: they look through a proxy
 */
function recordingView<T extends object>(target: T, current: () => object): T {
  return new Proxy(target, {
    get: (_, key) => {
      noteKey(key);
      return Reflect.get(current(), key);
    },
    has: (_, key) => {
      noteKey(key);
      return Reflect.has(current(), key);
    },
    getOwnPropertyDescriptor: (_, key) => {
      noteKey(key);
      return Reflect.getOwnPropertyDescriptor(current(), key);
    },
    ownKeys: () => {
      currentReads()?.noteAllKeys();
      return Reflect.ownKeys(current());
    },
    // Without these a value would be defined on the proxy, and Node's environment takes none that is not a string.
    set: (_, key, value) => Reflect.set(current(), key, value),
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(current(), key, descriptor),
    deleteProperty: (_, key) => Reflect.deleteProperty(current(), key),
  });
}

function noteKey(key: string | symbol): void {
  if (typeof key === "string") currentReads()?.noteKey(key);
}

let environment = process.env;
let view = recordingView(environment, () => environment);
let packagesLoading = 0;

/** Packages keep hold of `process.env` when they are loaded, and read it when modules call them. */
export async function whilePackageLoads<T>(load: () => Promise<T>): Promise<T> {
  packagesLoading++;
  try {
    return await load();
  } finally {
    packagesLoading--;
  }
}

/** The environment itself. Looking at it is never noted. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return environment;
}

/**
 * Note the keys that evaluations read of `process.env`. Only evaluations, and packages while they load, get
 * another object than Node's own: requests read at full speed, and can clone it.
 *
 * @returns what puts Node's own back
 */
export function recordEnvironment(): () => void {
  const before = Reflect.getOwnPropertyDescriptor(process, "env");
  const accessors = { get: currentEnvironment, set: replaceEnvironment };
  Object.defineProperty(process, "env", { ...accessors, enumerable: true, configurable: true });
  return () => {
    const now = Reflect.getOwnPropertyDescriptor(process, "env");
    if (before === undefined || now?.get !== currentEnvironment) return;
    Object.defineProperty(process, "env", "value" in before ? { ...before, value: environment } : before);
  };
}

function currentEnvironment(): NodeJS.ProcessEnv {
  return packagesLoading > 0 || currentReads() !== undefined ? view : environment;
}

function replaceEnvironment(replacement: NodeJS.ProcessEnv): void {
  if (replacement === view) return;
  environment = replacement;
  view = recordingView(replacement, () => environment);
}

const views = new WeakMap<object, object>();

/**
 * `import.meta.env` as code sees it.
 *
 * @param current today's values: an object that stays the same as long as they do
 */
export function environmentView(current: () => object): object {
  const target = current();
  let known = views.get(target);
  if (known === undefined) {
    known = recordingView(target, current);
    views.set(target, known);
  }
  return known;
}
