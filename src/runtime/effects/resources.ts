import { types } from "node:util";
import { closingMember, isPlain } from "../ownership/closing.ts";
import { isObjectLike } from "../../values/kinds.ts";

const REGISTERING = ["use", "route", "register", "listen", "fetch", "define", "model"] as const;

/**
 * Clients, pools and sockets of packages: using one changes its inner books all the time, and that is no reason to
 * open it anew. Only who listens to it counts. An app or a registry can be closed too, but takes registrations.
 */
export function isResource(object: object, isProjects: (object: object) => boolean): boolean {
  if (isPlain(object) || inheritsFromProxy(object)) return false;
  if (closingMember(object, valueIn) === undefined) return false;
  if (REGISTERING.some((name) => hasMethod(object, name))) return false;
  const constructor = valueIn(object, "constructor");
  return typeof constructor !== "function" || !isProjects(constructor);
}

/** The functions that listen to a resource. */
export function listenersOf(resource: object): readonly unknown[] {
  const events: unknown = Reflect.getOwnPropertyDescriptor(resource, "_events")?.value;
  if (!isObjectLike(events) || types.isProxy(events)) return [];
  return Object.values(Object.getOwnPropertyDescriptors(events)).flatMap(({ value }): unknown => value);
}

function hasMethod(object: object, name: string): boolean {
  return typeof valueIn(object, name) === "function";
}

/** The traps of a proxy are the program's. */
function inheritsFromProxy(object: object): boolean {
  for (let holder: unknown = object; isObjectLike(holder); holder = Object.getPrototypeOf(holder)) {
    if (types.isProxy(holder)) return true;
  }
  return false;
}

/** A property of an object or of what it inherits from. A getter is not run. */
function valueIn(object: object, name: string | symbol): unknown {
  // Asked first, because it takes no walk: most objects have none of the names.
  if (!(name in object)) return undefined;
  for (let holder: unknown = object; isObjectLike(holder); holder = Object.getPrototypeOf(holder)) {
    const property = Reflect.getOwnPropertyDescriptor(holder, name);
    if (property !== undefined) return property.value;
  }
  return undefined;
}
