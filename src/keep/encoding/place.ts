/** Where in a value another one stands: a step from what holds it. */
export interface ValuePath {
  /** Absent at the root. */
  readonly from: ValuePath | undefined;
  /** `key`: of an object; `entry`: the value in a Map; `name`: the key in a Map; `item`: by position. */
  readonly step: "key" | "entry" | "name" | "item";
  readonly key: unknown;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A place as a user would write it: `.user.connect`, `[3]["two words"]`. */
export function pathOf(place: ValuePath): string {
  return written(place, ({ step, key }) => {
    if (step === "name") return `<key ${String(key)}>`;
    return step !== "item" && typeof key === "string" ? named(key) : `[${String(key)}]`;
  });
}

/** All places that differ only by the position or the key in a collection, as one. */
export function patternOf(place: ValuePath): string {
  return written(place, ({ step, key }) => {
    if (step === "key") return named(String(key));
    return step === "name" ? "<key>" : "[]";
  });
}

function named(key: string): string {
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function written(place: ValuePath, one: (place: ValuePath) => string): string {
  const steps: string[] = [];
  for (let at: ValuePath | undefined = place; at !== undefined; at = at.from) steps.push(one(at));
  return steps.toReversed().join("");
}
