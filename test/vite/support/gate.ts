import { onTestFinished } from "vitest";
import { createSignal } from "./signal.ts";

/** Something that code of a project waits for, and a test opens. */
export interface Gate {
  /** How the project's code says that it waits. */
  readonly wait: string;
  readonly open: () => void;
  /** Resolves when code has begun to wait. */
  readonly reached: Promise<void>;
}

let gates = 0;

/** Hold back code of a project: `await ${gate.wait};` goes on when the test opens the gate, or is finished. */
export function createGate(): Gate {
  const name = `orbitTestGate${++gates}`;
  const opened = createSignal();
  const reached = createSignal();
  const wait = (): Promise<void> => {
    reached.resolve();
    return opened.promise;
  };
  Object.assign(globalThis, { [name]: wait });
  onTestFinished(() => {
    opened.resolve();
    Reflect.deleteProperty(globalThis, name);
  });
  return { wait: `${name}()`, open: opened.resolve, reached: reached.promise };
}
