import { expect, test, vi } from "vitest";
import { orbitonFile, Program, soon } from "../cli/orbiton.ts";
import { createProject } from "../cli/project.ts";
import { pages } from "./pages.ts";

// The picture of the terminal in the README is what the program prints.

const cart = `
import { priceOf } from "../../lib/price.ts";

let orders = 0;
const items: string[] = [];

export async function POST(request: Request): Promise<Response> {
  items.push(await request.text());
  orders++;
  return Response.json({ orders, total: items.reduce((sum, item) => sum + priceOf(item), 0) });
}
`;

const price = `const prices: Record<string, number> = { tea: 3, cake: 5 };

export function priceOf(item: string): number {
  return prices[item] ?? 0;
}
`;

/** Times and ports are those of one machine. */
function withoutFigures(text: string): readonly string[] {
  return text
    .replaceAll(/\d+ ms/g, "# ms")
    .replaceAll(/localhost:\d+/g, "localhost:#")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

test("the terminal shows the lines of the README", async () => {
  const [, ...shown] = withoutFigures(
    pages.flatMap(({ blocks }) => blocks).find(({ words }) => words.includes("terminal"))?.text ?? "",
  );
  const project = createProject({ "pages/api/cart.ts": cart, "lib/price.ts": price });
  // Files are named as someone in the project's folder would type them.
  const program = new Program([process.execPath, orbitonFile, "dev", "--port", "0"], { cwd: project.root });
  const [, url = ""] = await program.prints(/(http:\/\/localhost:\d+)/);
  const order = async (): Promise<unknown> =>
    (await fetch(`${url}/api/cart`, { method: "POST", body: "tea" })).json();
  const save = async (
    file: string,
    [from, to]: readonly [string, string],
    line: RegExp,
  ): Promise<unknown> => {
    project.edit(file, from, to);
    const answer = await order();
    await program.prints(line);
    return answer;
  };
  expect(await order()).toEqual({ orders: 1, total: 3 });
  expect(await save("lib/price.ts", ["tea: 3", "tea: 4"], /reset prices/)).toEqual({ orders: 2, total: 8 });
  expect(await save("lib/price.ts", ["?? 0", "?? 0 +"], /affects/)).toMatchObject({ line: 4, column: 29 });
  expect(await save("lib/price.ts", ["?? 0 +", "?? 1"], /kept prices/)).toEqual({ orders: 3, total: 12 });
  expect(await save("pages/api/cart.ts", ["{ orders,", "{ count: orders,"], /kept orders/)).toEqual({
    count: 4,
    total: 16,
  });
  await vi.waitFor(() => {
    const printed = withoutFigures(program.stdout);
    expect(printed.slice(printed.findIndex((line) => line.includes("http:")))).toEqual(shown);
  }, soon);
}, 120_000);
