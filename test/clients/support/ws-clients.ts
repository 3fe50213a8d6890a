import { once } from "node:events";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** A websocket, and everything that was said on it. */
export interface Conversation {
  readonly socket: WebSocket;
  readonly heard: readonly string[];
  /** Resolves with the code that it was closed with. */
  readonly closed: Promise<number>;
}

/** Connect to a port of this machine, and wait for the first message. */
export async function talk(port: number): Promise<Conversation> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  onTestFinished(() => socket.terminate());
  const heard: string[] = [];
  const closed = new Promise<number>((resolve) => {
    socket.once("close", resolve);
  });
  socket.on("message", (text: Buffer) => heard.push(text.toString()));
  await once(socket, "message");
  return { socket, heard, closed };
}

/** What clients that connect all the time have seen. */
export interface Visits {
  readonly greetings: readonly string[];
  readonly errors: readonly unknown[];
  readonly stop: () => Promise<void>;
}

/** Connect, take the greeting and leave, again and again until stopped. */
export function visitOften(port: number, clients = 3): Visits {
  const greetings: string[] = [];
  const errors: unknown[] = [];
  const stopping = new AbortController();
  const visit = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const { socket, heard } = await talk(port);
        greetings.push(heard[0] ?? "");
        socket.close();
        await once(socket, "close");
      } catch (error) {
        errors.push(error);
      }
    }
  };
  const running = Array.from({ length: clients }, visit);
  return {
    greetings,
    errors,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
