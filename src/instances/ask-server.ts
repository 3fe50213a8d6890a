import http from "node:http";
import https from "node:https";
import { networkInterfaces } from "node:os";
import type { ServerAddress } from "./server-record.ts";

/** What to ask a server that was found. */
export interface ServerQuestion {
  readonly method: "GET" | "HEAD" | "POST";
  /** Beginning with a slash; Vite's base does not apply to it. */
  readonly path: string;
  /** How long to wait for the whole answer. */
  readonly timeoutMs: number;
  /** Aborted when the answer is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What came of asking. */
export type ServerAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The server's id, as its record has it. */
      readonly id: string | undefined;
      readonly text: string;
    }
  /** Nobody listens there. */
  | { readonly kind: "refused" }
  /** Somebody listens, and has not answered as long as the answer was wanted. */
  | { readonly kind: "silent" };

/** The header in which a server says which one it is. */
export const SERVER_ID_HEADER = "x-orbit-server";

/** Ask a server of this machine. Never fails. */
export async function askServer(address: ServerAddress, question: ServerQuestion): Promise<ServerAnswer> {
  // A record may have come with somebody's repository: it must not make us call other machines.
  if (!isOfThisMachine(address.host)) return { kind: "refused" };
  const { method, path, timeoutMs, signal } = question;
  const patience = AbortSignal.timeout(timeoutMs);
  const options = {
    method,
    path,
    host: address.host,
    port: address.port,
    agent: false,
    signal: signal === undefined ? patience : AbortSignal.any([patience, signal]),
    headers: { "content-type": "application/json", accept: "application/json" },
  } as const;
  return new Promise((resolve) => {
    const request = address.url.startsWith("https:")
      ? // Certificates in development are made at home, and this machine is not taken for another one.
        https.request({ ...options, rejectUnauthorized: false })
      : http.request(options);
    request.on("response", (response) => void readAnswer(response).then(resolve));
    request.on("error", (error) => resolve({ kind: error.name === "AbortError" ? "silent" : "refused" }));
    request.end();
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<ServerAnswer> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const id = response.headers[SERVER_ID_HEADER];
    return {
      kind: "answered",
      status: response.statusCode ?? 0,
      id: Array.isArray(id) ? id[0] : id,
      text: Buffer.concat(chunks).toString("utf8"),
    };
  } catch {
    return { kind: "silent" }; // it began and did not end
  }
}

function isOfThisMachine(host: string): boolean {
  const isLoopback = host === "::1" || host.startsWith("127.");
  return (
    isLoopback || Object.values(networkInterfaces()).some((each) => each?.some((own) => own.address === host))
  );
}
