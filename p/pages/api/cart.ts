import { priceOf } from "../../lib/price.ts";

let orders = 0;
const items: string[] = [];

export async function POST(request: Request): Promise<Response> {
  items.push(await request.text());
  orders++;
  return Response.json({ count: orders, total: items.reduce((sum, item) => sum + priceOf(item), 0) });
}
