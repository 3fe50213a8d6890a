import { expect, test, vi } from "vitest";
import { serve } from "./serve.ts";

// As in a Node whose requests keep their state to themselves.
vi.mock("../../src/routes/request-state.ts", () => ({ REQUEST_STATE: [], lendState: () => undefined }));

test("where no other object can lend itself to a request, requests are real from the start", async () => {
  const inner = await serve(async (request) => {
    const { method, headers } = request;
    return Response.json([method, headers.get("x-a"), await request.text()]);
  });
  const { url } = await serve((request) => {
    if (request.url.endsWith("/clone")) return fetch(inner.url, request.clone());
    return request.url.endsWith("/copy") ? fetch(inner.url, new Request(request)) : fetch(inner.url, request);
  });

  for (const path of ["", "/copy", "/clone"]) {
    const response = await fetch(url + path, { method: "POST", body: "text", headers: { "x-a": "a" } });
    expect(await response.json()).toEqual(["POST", "a", "text"]);
  }
});
