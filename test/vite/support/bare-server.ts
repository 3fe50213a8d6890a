import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createServer, mergeConfig } from "vite";
import type { InlineConfig, ViteDevServer } from "vite";
import { onTestFinished } from "vitest";

/** A Vite server without the plugin, to try single rules on. */
export interface BareServer {
  readonly server: ViteDevServer;
  readonly root: string;
  readonly port: number;
}

/** What a bare server has on its disk: texts of files, and targets of links, by their names below the root. */
export interface BareProject {
  readonly files: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

/**
 * Serve a temporary folder until the test is finished. The root is `project/` in it, so that
 * names such as `../outside.txt` are outside of it.
 */
export async function serveBare(
  { files, links = {} }: BareProject,
  configure: (root: string) => InlineConfig,
): Promise<BareServer> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "orbit-access-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, "project");
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  for (const [name, target] of Object.entries(links)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await symlink(target, join(root, name));
  }
  const server = await createServer(
    mergeConfig<InlineConfig, InlineConfig>(
      {
        root,
        configFile: false,
        logLevel: "silent",
        optimizeDeps: { noDiscovery: true },
        server: { port: 0, host: "127.0.0.1", watch: null },
      },
      configure(root),
    ),
  );
  onTestFinished(() => server.close());
  await server.listen();
  const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
  return { server, root, port };
}

/** An answer as it came over the wire. The head is in lower case. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** One request with the target as it stands: `fetch` would tidy it up. */
export async function askRaw(
  port: number,
  target: string,
  lines: readonly string[] = [],
  method = "GET",
): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString("utf8")));
  const host = lines.some((line) => line.startsWith("Host:")) ? [] : [`Host: localhost:${port}`];
  socket.write([`${method} ${target} HTTP/1.1`, ...host, "Connection: close", ...lines, "\r\n"].join("\r\n"));
  await once(socket, "close");
  const [head = "", body = ""] = text.split("\r\n\r\n");
  return { status: Number(head.slice(9, 12)), head: head.toLowerCase(), body };
}
