import { Delivery } from "./delivery.ts";
import { askStatus, clearCaches, createPageHub, HUB, hubOf, say } from "./page-hub.ts";
import { ModuleHandlers } from "./modules/module-handlers.ts";
import { PageFaults } from "./page-faults.ts";
import { ProblemStore } from "./overlay/problem-store.ts";
import { PageReload } from "./reload/page-reload.ts";
import type { KeeperModule } from "./reload/page-reload.ts";
import { Unreachable } from "./unreachable.ts";
import { defineViteOverlay } from "./vite-overlay.ts";

// A classic script, the first of the page: what people write in inline scripts finds it.
if (hubOf(window) === undefined) {
  const facts = document.currentScript?.dataset ?? {};
  const { base = "/", apiPrefix = "/api", build, seq, server, html } = facts;
  const isPosted = facts["posted"] !== undefined;
  const keeper = `${base}@orbit/keeper.js`;
  const reload = new PageReload({
    isPosted,
    data: () => modules.keptData(),
    heard: () => delivery.heard,
    say,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the server has there
    loadKeeper: async () => (await import(/* @vite-ignore */ keeper)) as KeeperModule,
  });
  const modules = new ModuleHandlers(reload.data, say);
  const hub = createPageHub({
    base,
    apiPrefix,
    html,
    text: isPosted ? undefined : facts["text"],
    modules,
    hasDelivery: true,
    showsOverlay: facts["overlay"] !== "false",
    awaitsBuild: facts["awaitsBuild"] !== undefined,
    problemMethod: facts["problemMethod"],
    problems: new ProblemStore(async () => import(/* @vite-ignore */ `${base}@orbit/overlay.js`)),
    reload: (reason) => reload.reload(reason),
    expectReload: (ms) => reload.expect(ms),
  });
  Object.defineProperty(window, HUB, { value: hub });
  window.apiHMR = { on: (event, callback) => hub.on(event, callback) };
  window.orbit = {
    accept: (id, parts) => modules.accept(id, parts),
    data: (id) => modules.data(id),
    invalidate: (id) => modules.invalidate(id),
    swapWasm: (url, use) => modules.swapWasm(url, use),
  };
  const register: Window["__ORBIT_REGISTER_HMR_HANDLER"] = (handler) => modules.register(handler);
  Object.assign(window, { __ORBIT_REGISTER_HMR_HANDLER: register });
  window.getHMRStatus = async () => askStatus(hub);
  window.clearApiCache = async () => clearCaches(hub);
  new PageFaults(hub).watch();
  defineViteOverlay(hub.problems);
  const from = { build, server, seq: seq === undefined ? undefined : Number(seq) };
  const unreachable = facts["socket"] === "false" ? undefined : new Unreachable();
  unreachable?.watch();
  const delivery = new Delivery(hub, from, reload.cause);
  delivery.install(unreachable);
}
