import { STATUS_CODES } from "node:http";
import type { ProblemDetails } from "../routes/index.ts";
import { messageOf } from "../protocol/message-of.ts";

/** A request that is at fault itself: what the frameworks' errors say to the client. */
export interface ClientFault {
  readonly problem: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The fault of the client that an error names by a status from 400 to 499, as errors of body parsers and of `http-errors`
 * do; `undefined` for an error of the program.
 */
export function clientFaultOf(error: unknown): ClientFault | undefined {
  const status = statusOf(error);
  if (status === undefined || status < 400 || status > 499) return undefined;
  const title = STATUS_CODES[status] ?? "Client Error";
  const detail = read(error, "expose") === false ? title : messageOf(error);
  return { problem: { type: "about:blank", title, status, detail }, headers: headersOf(error) };
}

function statusOf(error: unknown): number | undefined {
  return [read(error, "status"), read(error, "statusCode")].find((status) => typeof status === "number");
}

function headersOf(error: unknown): Readonly<Record<string, string>> {
  const headers = read(error, "headers");
  if (typeof headers !== "object" || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function read(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
}
