import { expect, test, vi } from "vitest";
import { freePort } from "../runtime/ownership/support/free-port.ts";
import { createGate } from "../vite/support/gate.ts";
import type { Gate } from "../vite/support/gate.ts";
import { describeBoth, expectNoComplaints, openResources, serveClients } from "./support/client-project.ts";
import type { ClientProject } from "./support/client-project.ts";
import { askOften, serverKinds } from "./support/http-clients.ts";
import type { ServerKind } from "./support/http-clients.ts";
import { soon } from "./support/soon.ts";

const EDITS = 8;

const serving = ({ imports, create }: ServerKind, port: number, n: number, tail = ""): string => `
  ${imports}
  const server = ${create}(request, response) => response.end("${n}"));
  server.listen(${port}, "127.0.0.1");
  export const GET = () => new Response("${n}");
  ${tail}`;

const slow = ({ imports, create }: ServerKind, port: number, n: number, gate: Gate): string => `
  ${imports}
  const server = ${create}async (request, response) => {
    if (request.url === "/slow") await ${gate.wait};
    response.end("${n}");
  });
  server.listen(${port}, "127.0.0.1");
  export const GET = () => new Response("${n}");`;

describeBoth("Node's servers", true, (propagation) => {
  const start = async (file: string): Promise<ClientProject> =>
    serveClients({ "pages/api/a.ts": file }, { propagation });

  test.for(serverKinds)("$name: a port is handed over, and nobody is refused or reset", async (kind) => {
    const port = await freePort();
    const served = await start(serving(kind, port, 0));
    await served.get("/api/a");
    const clients = askOften(kind, port);
    const asking = kind.connect(port);
    for (let n = 1; n <= EDITS; n++) {
      served.project.write("pages/api/a.ts", serving(kind, port, n));
      expect(await served.get("/api/a")).toBe(String(n));
      expect(await asking.get()).toBe(String(n));
    }
    await clients.stop();
    asking.end();
    expect(clients.errors).toEqual([]);
    expect(clients.answers.length).toBeGreaterThan(2 * EDITS);
    expect(await openResources(served)).toEqual(["server pages/api/a.ts"]);
    expectNoComplaints(served);
  });

  test.for(serverKinds)("$name: an answer that an edit overtakes is given", async (kind) => {
    const port = await freePort();
    const gate = createGate();
    const served = await start(slow(kind, port, 1, gate));
    await served.get("/api/a");
    const asking = kind.connect(port);
    const waited = asking.get("/slow");
    await gate.reached;
    served.project.write("pages/api/a.ts", slow(kind, port, 2, gate));
    expect(await served.get("/api/a")).toBe("2");
    await expect.poll(() => served.reports.length, soon).toBe(1);
    gate.open();
    expect(await waited).toBe("1");
    expect(await asking.get()).toBe("2");
    asking.end();
    expectNoComplaints(served);
  });

  test.for(serverKinds)("$name: a broken edit leaves the server and its connections alone", async (kind) => {
    const port = await freePort();
    const served = await start(serving(kind, port, 1));
    await served.get("/api/a");
    const asking = kind.connect(port);
    for (let n = 2; n < 5; n++) {
      served.project.write("pages/api/a.ts", serving(kind, port, n, `throw new Error("no ${n}");`));
      expect((await served.fetch("/api/a")).status).toBe(500);
      expect(await asking.get()).toBe("1");
    }
    served.project.write("pages/api/a.ts", serving(kind, port, 5));
    expect(await served.get("/api/a")).toBe("5");
    expect(await asking.get()).toBe("5");
    asking.end();
  });

  test.for(serverKinds)("$name: the port is free when the route is deleted", async (kind) => {
    const port = await freePort();
    const served = await start(serving(kind, port, 1));
    await served.get("/api/a");
    const before = kind.connect(port);
    expect(await before.get()).toBe("1");
    served.project.remove("pages/api/a.ts");
    expect((await served.fetch("/api/a")).status).toBe(404);
    await vi.waitFor(async () => expect(kind.connect(port).get()).rejects.toThrow("ECONNREFUSED"), soon);
    before.end();
    expectNoComplaints(served);
  });

  test.for(serverKinds)("$name: the port is free when the dev server closes", async (kind) => {
    const port = await freePort();
    const served = await start(serving(kind, port, 1));
    await served.get("/api/a");
    const before = kind.connect(port);
    expect(await before.get()).toBe("1");
    await served.server.close();
    await expect(kind.connect(port).get()).rejects.toThrow("ECONNREFUSED");
    before.end();
    expectNoComplaints(served);
  });
});
