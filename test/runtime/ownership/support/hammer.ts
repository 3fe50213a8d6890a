import http from "node:http";

/** What a client that asks all the time has seen. */
export interface Hammering {
  readonly answers: string[];
  readonly errors: unknown[];
  stop(): Promise<void>;
}

/** Ask a port without a pause until stopped. */
export function hammer(
  port: number,
  options: { readonly keepAlive: boolean; readonly clients?: number },
): Hammering {
  const { keepAlive, clients = 4 } = options;
  const agent = new http.Agent({ keepAlive, maxSockets: clients });
  const answers: string[] = [];
  const errors: unknown[] = [];
  const stopping = new AbortController();
  const client = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await get(port, agent).then(
        (answer) => answers.push(answer),
        (error: unknown) => errors.push(error),
      );
    }
  };
  const running = Array.from({ length: clients }, client);
  return {
    answers,
    errors,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      agent.destroy();
    },
  };
}

/** One answer of a port. */
export async function get(port: number, agent: http.Agent | false = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, host: "127.0.0.1", agent }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
