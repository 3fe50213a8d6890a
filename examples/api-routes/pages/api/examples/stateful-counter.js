import { createStatefulHandler } from "orbit-hmr/state";

// Edit `step`, save, and press the button again: the step is new, the count goes on.
const step = 1;

const handler = createStatefulHandler(
  { count: 0 },
  {
    async GET() {
      return Response.json({ count: handler.getState().count });
    },

    async POST() {
      const { count } = handler.updateState((previous) => ({ count: previous.count + step }));
      return Response.json({ count });
    },
  },
);

export const { GET, POST } = handler;
