const CLOSING = ["close", "end", "destroy", "disconnect", "$disconnect", "quit", "terminate"] as const;
const REGISTERING = ["use", "route", "register", "listen", "fetch", "define", "model"] as const;

/**
 * Clients, pools and sockets of packages: using one changes its inner books all the time, and that is no reason to
 * open it anew. Only who listens to it counts. An app or a registry can be closed too, but takes registrations.
 */
export function isResource(object: object, isProjects: (object: object) => boolean): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (typeof object !== "function" && (prototype === Object.prototype || prototype === null)) return false;
  if (!CLOSING.some((name) => hasMethod(object, name))) return false;
  if (REGISTERING.some((name) => hasMethod(object, name))) return false;
  const { constructor } = object;
  return typeof constructor !== "function" || !isProjects(constructor);
}

/** The functions that listen to a resource. */
export function listenersOf(resource: object): readonly unknown[] {
  const events: unknown = Reflect.getOwnPropertyDescriptor(resource, "_events")?.value;
  return typeof events === "object" && events !== null ? Object.values(events).flat() : [];
}

function hasMethod(object: object, name: string): boolean {
  try {
    return typeof Reflect.get(object, name) === "function";
  } catch {
    // A getter or proxy that refuses tells nothing.
    return false;
  }
}
