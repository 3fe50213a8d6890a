import { priceOf } from "../../../lib/price.js";
import { products } from "../../../lib/products.js";

export async function GET() {
  return Response.json(products.map(({ id, name, cents }) => ({ id, name, price: priceOf(cents) })));
}
