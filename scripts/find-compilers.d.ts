type Env = Readonly<Record<string, string | undefined>>;

/** The version of the cargo that `orbiton dev` starts: the first on the `PATH`. */
export function findCargo(env?: Env): string | undefined;

/** What cargo needs in its environment to make WebAssembly with a standard library; `undefined` where nothing helps. */
export function findWasmRust(env?: Env): Readonly<Record<string, string>> | undefined;

/** Where a clang is that makes WebAssembly: `CLANG`, then the `PATH`, then where packages put it. */
export function findClang(env?: Env): string | undefined;
