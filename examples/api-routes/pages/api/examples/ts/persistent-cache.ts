import type { RouteHandler } from "orbit-hmr";
import { createCache } from "orbit-hmr/state";

type Answer = { question: string; answer: number; computedAt: string };

const answers = createCache<Answer>("answers", 10 * 60 * 1000, { maxEntries: 100 });

export const GET: RouteHandler = async (request) => {
  const question = new URL(request.url).searchParams.get("n") ?? "30";

  const known = answers.get(question);
  if (known) return Response.json({ ...known, from: "cache" });

  const answer = { question, answer: fibonacci(Number(question)), computedAt: new Date().toISOString() };
  answers.set(question, answer);
  return Response.json({ ...answer, from: "work" });
};

function fibonacci(n: number): number {
  let [previous, current] = [0, 1];
  for (let step = 0; step < n; step++) [previous, current] = [current, previous + current];
  return previous;
}
