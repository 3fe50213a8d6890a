import { Delivery } from "./delivery.ts";
import { askStatus, clearCaches, createPageHub, HUB, hubOf } from "./page-hub.ts";

// A classic script, the first of the page: what people write in inline scripts finds it.
if (hubOf(window) === undefined) {
  const { base = "/", apiPrefix = "/api", build, seq } = document.currentScript?.dataset ?? {};
  const hub = createPageHub({ base, apiPrefix, hasDelivery: true });
  Object.defineProperty(window, HUB, { value: hub });
  window.apiHMR = { on: (event, callback) => hub.on(event, callback) };
  window.getHMRStatus = async () => askStatus(hub);
  window.clearApiCache = async () => clearCaches(hub);
  new Delivery(hub, { build, seq: seq === undefined ? undefined : Number(seq) }).install();
}
