import { createStatefulHandler } from "orbit-hmr/state";

const isDev = process.env.NODE_ENV === "development";

const handlers = {
  async GET() {
    return Response.json({ mode: isDev ? "development: counted" : "production: plain", ...count() });
  },
};

const handler = isDev ? createStatefulHandler({ count: 0 }, handlers) : handlers;

function count() {
  return isDev ? handler.updateState(({ count }) => ({ count: count + 1 })) : {};
}

export const { GET } = handler;
