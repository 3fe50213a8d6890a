const external = new WeakSet<object>();

/** Remember what a package, or Node, exports, with what hangs on that. */
export function noteExternal(exports: unknown): void {
  if (!isObject(exports)) return;
  external.add(exports);
  for (const property of Object.values(Object.getOwnPropertyDescriptors(exports)))
    if (isObject(property.value)) external.add(property.value);
}

/** Whether a value is a package's, by whatever name a module holds it: no module has made it, or can make it anew. */
export function isExternalValue(value: unknown): boolean {
  return isObject(value) && external.has(value);
}

function isObject(value: unknown): value is object {
  return Object(value) === value;
}
