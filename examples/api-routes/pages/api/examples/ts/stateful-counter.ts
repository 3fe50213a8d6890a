import { createStatefulHandler } from "orbit-hmr/state";

type Counter = { count: number; lastStep: number };

const initialState: Counter = { count: 0, lastStep: 0 };
const step = 10;

const handler = createStatefulHandler(initialState, {
  async GET() {
    return Response.json(handler.getState());
  },

  async POST() {
    return Response.json(handler.updateState(({ count }) => ({ count: count + step, lastStep: step })));
  },
});

export const { GET, POST } = handler;
