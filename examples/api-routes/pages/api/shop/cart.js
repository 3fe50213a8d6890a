import { createStatefulHandler } from "orbit-hmr/state";
import { priceOf } from "../../../lib/price.js";
import { products } from "../../../lib/products.js";

const handler = createStatefulHandler(
  { ids: [] },
  {
    async GET() {
      return Response.json(receiptOf(handler.getState().ids));
    },

    async POST(request) {
      const { id } = await request.json();
      const { ids } = handler.updateState((previous) => ({ ids: [...previous.ids, id] }));
      return Response.json(receiptOf(ids));
    },
  },
);

export const { GET, POST } = handler;

function receiptOf(ids) {
  const chosen = ids.flatMap((id) => products.filter((product) => product.id === id));
  const cents = chosen.reduce((sum, product) => sum + product.cents, 0);
  return { items: chosen.map(({ name }) => name), total: priceOf(cents) };
}
