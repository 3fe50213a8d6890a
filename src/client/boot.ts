import { Delivery } from "./delivery.ts";
import { askStatus, clearCaches, createPageHub, HUB, hubOf } from "./page-hub.ts";
import { PageFaults } from "./page-faults.ts";
import { ProblemStore } from "./overlay/problem-store.ts";
import { defineViteOverlay } from "./vite-overlay.ts";

// A classic script, the first of the page: what people write in inline scripts finds it.
if (hubOf(window) === undefined) {
  const { base = "/", apiPrefix = "/api", build, seq, overlay } = document.currentScript?.dataset ?? {};
  const hub = createPageHub({
    base,
    apiPrefix,
    hasDelivery: true,
    showsOverlay: overlay !== "false",
    problems: new ProblemStore(async () => import(/* @vite-ignore */ `${base}@orbit/overlay.js`)),
  });
  Object.defineProperty(window, HUB, { value: hub });
  window.apiHMR = { on: (event, callback) => hub.on(event, callback) };
  window.getHMRStatus = async () => askStatus(hub);
  window.clearApiCache = async () => clearCaches(hub);
  new PageFaults(hub).watch();
  defineViteOverlay(hub.problems);
  new Delivery(hub, { build, seq: seq === undefined ? undefined : Number(seq) }).install();
}
