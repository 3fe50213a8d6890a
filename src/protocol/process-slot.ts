/**
 * What all copies of this package share in a process: a restart evaluates the plugin's module anew, and a project may
 * have two copies of it. The name is the contract: whoever changes the type changes the number in it.
 *
 * @param create makes what is shared when nobody has yet
 */
export function processSlot<T extends object>(name: `${string}@${number}`, create: () => T): T {
  const key = Symbol.for(`orbit-hmr:${name}`);
  const shared: unknown = Reflect.get(globalThis, key);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one name, one type
  if (shared !== undefined) return shared as T;
  const made = create();
  Reflect.set(globalThis, key, made);
  return made;
}
