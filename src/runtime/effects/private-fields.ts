import { Session } from "node:inspector";
import type { Runtime } from "node:inspector";

/** Where the inspector can pick an object up, and put others down, by reference. */
const EXCHANGE = Symbol.for("orbit-hmr:inspected");

type InspectorExchange = typeof globalThis & { [EXCHANGE]?: { subject: object; found: readonly unknown[] } };

const SUBJECT = `globalThis[Symbol.for("orbit-hmr:inspected")].subject`;
const PUT_DOWN = `function (...found) { globalThis[Symbol.for("orbit-hmr:inspected")].found = found; }`;
const GROUP = "orbit-hmr";

let opened: Session | undefined;

/**
 * What an object holds in its `#private` fields, in the order of their declarations. The language has no way to see them
 * from outside; an inspector session inside the process does, and opens no port.
 */
export function readPrivateFields(subject: object): readonly unknown[] {
  const session = (opened ??= connect());
  const exchange = globalThis as InspectorExchange;
  exchange[EXCHANGE] = { subject, found: [] };
  try {
    const { result } = answerOf<Runtime.EvaluateReturnType>((done) =>
      session.post("Runtime.evaluate", { expression: SUBJECT, objectGroup: GROUP }, done),
    );
    const { objectId } = result;
    if (objectId === undefined) return [];
    const { privateProperties = [] } = answerOf<Runtime.GetPropertiesReturnType & WithPrivateProperties>(
      (done) => session.post("Runtime.getProperties", { objectId, ownProperties: true }, done),
    );
    const given = privateProperties.flatMap(({ value }) => (value === undefined ? [] : [argumentFor(value)]));
    answerOf<object>((done) =>
      session.post(
        "Runtime.callFunctionOn",
        { objectId, functionDeclaration: PUT_DOWN, arguments: given },
        done,
      ),
    );
    return exchange[EXCHANGE].found;
  } finally {
    delete exchange[EXCHANGE];
    session.post("Runtime.releaseObjectGroup", { objectGroup: GROUP });
  }
}

/** Whether an object's class, or one that it extends, declares private fields. */
export function hasPrivateFields(subject: object): boolean {
  for (
    let prototype: unknown = Object.getPrototypeOf(subject);
    typeof prototype === "object" && prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    if (declaresPrivateFields(Object.getOwnPropertyDescriptor(prototype, "constructor")?.value)) return true;
  }
  return false;
}

const verdicts = new WeakMap<object, boolean>();

function declaresPrivateFields(constructor: unknown): boolean {
  if (typeof constructor !== "function") return false;
  let verdict = verdicts.get(constructor);
  if (verdict === undefined) {
    verdict = /#[\p{ID_Start}_$]/u.test(Function.prototype.toString.call(constructor));
    verdicts.set(constructor, verdict);
  }
  return verdict;
}

/** Missing from Node's types. */
interface WithPrivateProperties {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Runtime.RemoteObject }[];
}

function argumentFor({ objectId, unserializableValue, value }: Runtime.RemoteObject): Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value: value as unknown } : { unserializableValue };
}

function connect(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/** In-process sessions answer synchronously. */
function answerOf<T extends object>(ask: (done: (error: Error | null, answer: T) => void) => void): T {
  const answers: T[] = [];
  ask((error, answer) => {
    if (error !== null) throw error;
    answers.push(answer);
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error("[orbit] The inspector did not answer.");
  return answer;
}
