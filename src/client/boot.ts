import { askStatus, clearCaches, createPageHub, HUB, hubOf } from "./page-hub.ts";

// A classic script, the first of the page: what people write in inline scripts finds it.
const known = hubOf(window);
const { base = "/", apiPrefix = "/api" } = document.currentScript?.dataset ?? {};
const hub = known ?? createPageHub({ base, apiPrefix });

if (known === undefined) {
  Object.defineProperty(window, HUB, { value: hub });
  window.apiHMR = { on: (event, callback) => hub.on(event, callback) };
  window.getHMRStatus = async () => askStatus(hub);
  window.clearApiCache = async () => clearCaches(hub);
}
