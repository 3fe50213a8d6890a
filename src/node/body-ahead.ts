import { outsideHandlers } from "../routes/index.ts";
import type { NodeIncoming } from "../routes/index.ts";

/** How much of a body is read ahead. A longer one stays with the handler. */
const LIMIT = 1024 * 1024;

/**
 * Read the body of a request before its handler runs, and leave it on the request: who reads it as a stream, as parsers
 * and signature checks do, finds it there. `undefined` for what is no text (uploads are streams), and for what is too long.
 */
export async function readBodyAhead(incoming: NodeIncoming): Promise<unknown> {
  if (incoming.readableEnded) return undefined;
  const type = incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  const parse = parserOf(type);
  if (parse === undefined) return undefined;
  const bytes = await read(incoming);
  return bytes === undefined ? undefined : parse(bytes.toString("utf8"));
}

function parserOf(type: string): ((text: string) => unknown) | undefined {
  if (/^application\/(?:.+\+)?json$/.test(type)) return parseJson;
  if (type === "application/x-www-form-urlencoded") return (text) => grouped(new URLSearchParams(text));
  return type.startsWith("text/") ? (text) => text : undefined;
}

function parseJson(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw Object.assign(new SyntaxError("Expected the body to be JSON.", { cause: error }), { status: 400 });
  }
}

/** Names that come once have a text, others a list of them. */
export function grouped(pairs: Iterable<readonly [string, string]>): Record<string, string | string[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no name is inherited
  const groups = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of pairs) {
    const before = groups[name];
    groups[name] = before === undefined ? value : [before, value].flat();
  }
  return groups;
}

function read(incoming: NodeIncoming): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void =>
      void incoming.off("readable", take).off("error", fail).off("close", leave).off("end", finish);
    const finish = (): void => {
      stop();
      const bytes = Buffer.concat(chunks);
      // Put back before the end is told: so it comes after them once more. Over HTTP/2 it may have been told.
      if (size > 0 && !incoming.readableEnded) incoming.unshift(bytes);
      resolve(size > LIMIT ? undefined : bytes);
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    const leave = (): void => fail(new DOMException("The client left.", "AbortError"));
    const take = (): void => {
      for (let chunk: unknown = incoming.read(); Buffer.isBuffer(chunk); chunk = incoming.read()) {
        chunks.push(chunk);
        size += chunk.byteLength;
      }
      if (incoming.complete || size > LIMIT) finish();
    };
    outsideHandlers(() =>
      incoming.on("readable", take).on("error", fail).on("close", leave).on("end", finish),
    );
    take();
  });
}
