import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A websocket client of Vite's, as far as tests need it: it listens. */
export interface Browser {
  readonly messages: readonly { readonly type: string }[];
}

/** Connect to Vite's websocket as a page does, and keep what it sends. */
export async function connectBrowser(url: string): Promise<Browser> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const messages: { readonly type: string }[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let isOpen = false;
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    if (!isOpen) {
      const end = rest.indexOf("\r\n\r\n");
      if (end === -1) return;
      isOpen = true;
      rest = rest.subarray(end + 4);
    }
    for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
      rest = rest.subarray(frame.size);
      messages.push(JSON.parse(frame.text) as { readonly type: string });
    }
  });
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: vite-hmr\r\n\r\n`,
  );
  await once(socket, "data");
  return { messages };
}

/** Servers send text in whole, unmasked frames. */
function firstFrame(bytes: Buffer): { readonly text: string; readonly size: number } | undefined {
  if (bytes.length < 4) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : 2;
  const size = start + (short === 126 ? bytes.readUInt16BE(2) : short);
  return bytes.length < size ? undefined : { text: bytes.subarray(start, size).toString(), size };
}
