import net from "node:net";
import { percentile } from "./measure.js";

// A process of its own, so that the client's work is not counted as the server's. Raw sockets: the least a client can do.
const [port, path, connections, milliseconds] = process.argv.slice(2);
const request = `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\nconnection: keep-alive\r\n\r\n`;
let answered = 0;
let failed = 0;
let isCounted = false;
const latencies = [];

function connect() {
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    socket.write(request);
  };
  const socket = net.connect(Number(port), "127.0.0.1", send);
  let text = "";
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    text += chunk;
    const length = answerLength(text);
    if (length === undefined || text.length < length) return;
    if (!text.startsWith("HTTP/1.1 200")) failed++;
    answered++;
    if (isCounted) latencies.push(performance.now() - sentAt);
    text = text.slice(length);
    send();
  });
  socket.on("error", () => failed++);
}

/** Where the answer ends, once that can be told. */
function answerLength(text) {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  const known = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head));
  if (known !== null) return head + 4 + Number(known[1]);
  const end = text.indexOf("\r\n0\r\n\r\n", head);
  return end === -1 ? undefined : end + 7;
}

for (let index = 0; index < Number(connections); index++) connect();
setTimeout(() => {
  // The first part only warms up.
  const start = performance.now();
  isCounted = true;
  setTimeout(() => {
    const perSecond = latencies.length / ((performance.now() - start) / 1_000);
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(latencies, share));
    process.stdout.write(JSON.stringify({ perSecond, failed, answered, p50, p99 }), () => process.exit());
  }, Number(milliseconds));
}, 500);
