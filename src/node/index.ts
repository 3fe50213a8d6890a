export { nodeHandler } from "./node-handler.ts";
export type { NodeHandlerOptions } from "./node-handler.ts";
