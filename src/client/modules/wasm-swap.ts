import type { Applied, WasmUse } from "./module-handlers.ts";

/** What a module exports whose state goes on in the next one. */
interface StateContract {
  readonly memory: WebAssembly.Memory;
  /** Which shape the state has. */
  readonly orbit_schema: () => number;
  /** Writes the state into the memory, and returns its length in bytes. */
  readonly orbit_save: () => number;
  /** Where the state was written. */
  readonly orbit_ptr: () => number;
  /** Makes room for a state of so many bytes, and returns where. */
  readonly orbit_alloc: (length: number) => number;
  /** Takes the state that was put there; 0 where it cannot. */
  readonly orbit_restore: () => number;
}

const FUNCTIONS = ["orbit_schema", "orbit_save", "orbit_ptr", "orbit_alloc", "orbit_restore"];

/**
 * Let the module that is at an address now take the place of the instances that pages have of it, with their state. Bytes that a
 * module gives away itself are carried over, never its memory: where things lie in that belongs to one build.
 *
 * @param ask asks somebody whether they take it, and resolves with why not
 * @returns why the page has to be loaded again, if it has to: whatever ran before runs until then
 */
export async function swapWasm(
  address: URL,
  uses: Iterable<WasmUse>,
  ask: (take: () => Applied) => Promise<string | undefined>,
): Promise<string | undefined> {
  const name = address.pathname;
  try {
    const module = await compiled(address);
    for (const use of uses) {
      const { exports } = await WebAssembly.instantiate(module, importsOf(use));
      // From the state of the old one to its end nothing is waited for: nobody can use it in between.
      const refusal = carryOver(name, use.current(), exports) ?? (await ask(() => use.swap(exports)));
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  } catch (error) {
    return `${name} cannot be swapped: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function compiled(address: URL): Promise<WebAssembly.Module> {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

function importsOf({ imports }: WasmUse): WebAssembly.Imports {
  return (typeof imports === "function" ? imports() : imports) ?? {};
}

function carryOver(name: string, from: object, to: WebAssembly.Exports): string | undefined {
  if (!keepsState(from)) return `The ${name} that runs keeps no state: ${missingOf(from)}`;
  if (!keepsState(to)) return `The new ${name} takes no state: ${missingOf(to)}`;
  const [before, after] = [from.orbit_schema(), to.orbit_schema()];
  if (before !== after) return `The state of ${name} has another shape than before: ${after}, not ${before}.`;
  const length = from.orbit_save() >>> 0;
  // A copy: the next call may give the memory another buffer.
  const bytes = new Uint8Array(from.memory.buffer, from.orbit_ptr() >>> 0, length).slice();
  const place = to.orbit_alloc(length) >>> 0;
  new Uint8Array(to.memory.buffer, place, length).set(bytes);
  return to.orbit_restore() === 0 ? `The new ${name} cannot take the state of the old one.` : undefined;
}

function keepsState(exports: object): exports is StateContract {
  return missingOf(exports) === undefined;
}

function missingOf(exports: object): string | undefined {
  const missing = FUNCTIONS.filter((name) => typeof Reflect.get(exports, name) !== "function");
  if (!(Reflect.get(exports, "memory") instanceof WebAssembly.Memory)) missing.unshift("memory");
  return missing.length === 0 ? undefined : `it does not export ${missing.join(", ")}.`;
}
