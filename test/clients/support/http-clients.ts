import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import type { ConnectionOptions } from "node:tls";
import { text } from "node:stream/consumers";

/** How a kind of server is made, and asked. */
export interface ServerKind {
  readonly name: string;
  /** The text of the call that makes the server, up to its listener. */
  readonly create: string;
  readonly imports: string;
  /** Ask on connections that stay open; the returned functions make a request and end the connections. */
  readonly connect: (port: number) => Asking;
}

interface Asking {
  readonly get: (path?: string) => Promise<string>;
  readonly end: () => void;
}

// TLS by a shared key: no certificate has to be made, or to be trusted.
const KEY = "a key that only tests use, 32 by";
const SERVER_TLS = `{ ciphers: "PSK", pskCallback: (_socket, who) => (who === "test" ? Buffer.from("${KEY}") : null) }`;
const CLIENT_TLS = {
  ciphers: "PSK",
  pskCallback: () => ({ psk: Buffer.from(KEY), identity: "test" }),
  checkServerIdentity: () => undefined,
} satisfies ConnectionOptions;

/** Every kind of HTTP server that Node has. */
export const serverKinds: readonly ServerKind[] = [
  {
    name: "http",
    imports: `import { createServer } from "node:http";`,
    create: "createServer(",
    connect: (port) => askByAgent(new http.Agent({ keepAlive: true }), { port }),
  },
  {
    name: "https",
    imports: `import { createServer } from "node:https";`,
    create: `createServer(${SERVER_TLS}, `,
    connect: (port) =>
      askByAgent(new https.Agent({ keepAlive: true, maxCachedSessions: 0 }), { port, ...CLIENT_TLS }),
  },
  {
    name: "http2",
    imports: `import { createServer } from "node:http2";`,
    create: "createServer(",
    connect: (port) => askBySession(() => http2.connect(`http://127.0.0.1:${port}`)),
  },
  {
    name: "http2 over TLS",
    imports: `import { createSecureServer } from "node:http2";`,
    create: `createSecureServer(${SERVER_TLS}, `,
    connect: (port) => askBySession(() => http2.connect(`https://127.0.0.1:${port}`, CLIENT_TLS)),
  },
];

function askByAgent(agent: http.Agent, options: ConnectionOptions): Asking {
  const { get } = agent instanceof https.Agent ? https : http;
  return {
    get: async (path = "/") => {
      const request = get({ host: "127.0.0.1", path, agent, ...options });
      const [response] = (await once(request, "response")) as [http.IncomingMessage];
      return text(response);
    },
    end: () => agent.destroy(),
  };
}

/** One session for all requests, and the next one when the server has said that it ends. */
function askBySession(connect: () => http2.ClientHttp2Session): Asking {
  let session: http2.ClientHttp2Session | undefined;
  const sessionNow = (): http2.ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = connect();
    session.on("error", () => undefined); // its requests say so too
    return session;
  };
  return {
    get: async (path = "/") => {
      for (;;) {
        try {
          return await text(sessionNow().request({ ":path": path }));
        } catch (error) {
          // The server has not looked at it: the protocol's way to say "on another connection, please".
          if (!String(error).includes("NGHTTP2_REFUSED_STREAM")) throw error;
        }
      }
    },
    end: () => session?.destroy(),
  };
}

/** What clients that ask all the time have seen. */
export interface Asked {
  readonly answers: readonly string[];
  readonly errors: readonly unknown[];
  readonly stop: () => Promise<void>;
}

/** Ask without a pause until stopped: half of the clients on connections that stay open, half on new ones. */
export function askOften(kind: ServerKind, port: number): Asked {
  const answers: string[] = [];
  const errors: unknown[] = [];
  const stopping = new AbortController();
  const ask = async (stays: boolean): Promise<void> => {
    let asking = kind.connect(port);
    while (!stopping.signal.aborted) {
      try {
        answers.push(await asking.get());
      } catch (error) {
        errors.push(error);
      }
      if (stays) continue;
      asking.end();
      asking = kind.connect(port);
    }
    asking.end();
  };
  const running = [true, false].map(ask);
  return {
    answers,
    errors,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
