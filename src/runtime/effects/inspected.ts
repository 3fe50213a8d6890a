import { Session } from "node:inspector";
import type { Runtime } from "node:inspector";

/** Where the inspector can pick an object up, and put others down, by reference. */
const EXCHANGE = Symbol.for("orbit-hmr:inspected");

type InspectorExchange = typeof globalThis & { [EXCHANGE]?: { subject: object; found: readonly unknown[] } };

const SUBJECT = `globalThis[Symbol.for("orbit-hmr:inspected")].subject`;
const PUT_DOWN = `function (...found) { globalThis[Symbol.for("orbit-hmr:inspected")].found = found; }`;
const GROUP = "orbit-hmr";

let opened: Session | undefined;

/** An object as the inspector has it: what the language shows nobody. */
export interface InspectedObject {
  properties(objectId?: string): InspectedProperties;
  /** The values that properties stand for, by reference. */
  valuesOf(properties: readonly InspectedProperty[]): readonly unknown[];
}

/** One field or scope of an object. */
export interface InspectedProperty {
  readonly name: string;
  readonly value?: Runtime.RemoteObject | undefined;
}

interface InspectedProperties {
  readonly own: readonly InspectedProperty[];
  readonly private: readonly InspectedProperty[];
  readonly internal: readonly InspectedProperty[];
}

/** Look at an object with an inspector session inside the process: it opens no port, and answers synchronously. */
export function inspect<T>(subject: object, look: (inspected: InspectedObject) => T, absent: T): T {
  const session = (opened ??= connect());
  const exchange = globalThis as InspectorExchange;
  exchange[EXCHANGE] = { subject, found: [] };
  try {
    const { result } = answerOf<Runtime.EvaluateReturnType>((done) =>
      session.post("Runtime.evaluate", { expression: SUBJECT, objectGroup: GROUP }, done),
    );
    const { objectId: own } = result;
    if (own === undefined) return absent;
    return look({
      properties: (objectId = own) => propertiesOf(session, objectId),
      valuesOf(properties) {
        const given = properties.flatMap(({ value }) => (value === undefined ? [] : [argumentFor(value)]));
        const call = { objectId: own, functionDeclaration: PUT_DOWN, arguments: given };
        answerOf<object>((done) => session.post("Runtime.callFunctionOn", call, done));
        return exchange[EXCHANGE]?.found ?? [];
      },
    });
  } finally {
    delete exchange[EXCHANGE];
    session.post("Runtime.releaseObjectGroup", { objectGroup: GROUP });
  }
}

function propertiesOf(session: Session, objectId: string): InspectedProperties {
  const { result, internalProperties, privateProperties } = answerOf<
    Runtime.GetPropertiesReturnType & WithPrivateProperties
  >((done) => session.post("Runtime.getProperties", { objectId, ownProperties: true }, done));
  return { own: result, internal: internalProperties ?? [], private: privateProperties ?? [] };
}

/** Missing from Node's types. */
interface WithPrivateProperties {
  readonly privateProperties?: readonly InspectedProperty[];
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
