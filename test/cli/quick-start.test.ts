import { expect, test } from "vitest";
import { DevProgram } from "./orbiton.ts";
import { createProject } from "./project.ts";

// The routes of the quick start, letter by letter but for the import, as JavaScript and as TypeScript.

const counter = `
import { createStatefulHandler } from 'orbit-hmr/state';

const handler = createStatefulHandler(
  { count: 0 }, // Initial state
  {
    async GET(request) {
      const state = handler.getState();
      return new Response(JSON.stringify({ count: state.count }));
    },
    
    async POST(request) {
      const newState = handler.updateState(prev => ({ 
        count: prev.count + 1 
      }));
      return new Response(JSON.stringify({ count: newState.count }));
    }
  }
);

export const { GET, POST } = handler;
`;

const cachedData = `
import { createCache } from 'orbit-hmr/state';

const cache = createCache('my-cache', 5 * 60 * 1000); // 5 minute TTL

export async function GET(request) {
  const url = new URL(request.url);
  const key = url.searchParams.get('key');
  
  let data = cache.get(key);
  if (!data) {
    data = await fetchExpensiveData(key);
    cache.set(key, data);
  }
  
  return new Response(JSON.stringify({ data, cached: true }));
}

async function fetchExpensiveData(key) {
  return key + ' as of Monday';
}
`;

const rateLimited = `
import { createRateLimit } from 'orbit-hmr/state';

const rateLimiter = createRateLimit('api-limit', 100, 15 * 60 * 1000);

export async function GET(request) {
  const result = rateLimiter.check(request.ip);
  
  if (!result.allowed) {
    return new Response('Rate limited', { status: 429 });
  }
  
  return new Response(JSON.stringify({ 
    remaining: result.remaining 
  }));
}
`;

const developmentOnly = `
import { createStatefulHandler } from 'orbit-hmr/state';

const handlers = {
  async GET() {
    const { count } = handler.updateState(prev => ({ count: prev.count + 1 }));
    return Response.json({ count });
  }
};

const isDev = process.env.NODE_ENV === 'development';

const handler = isDev 
  ? createStatefulHandler({ count: 0 }, handlers)
  : handlers; // Use regular handlers in production

export const { GET } = handler;
`;

const POST = { method: "POST" };

test.each(["js", "ts"])("the counter goes on when its code is edited (.%s)", async (extension) => {
  const file = `pages/api/counter.${extension}`;
  const project = createProject({ [file]: counter });
  const server = await DevProgram.start(project.root);
  await expect(server.fetchJson("/api/counter", POST)).resolves.toEqual({ count: 1 });
  project.edit(file, "prev.count + 1", "prev.count + 10");
  await expect(server.fetchJson("/api/counter", POST)).resolves.toEqual({ count: 11 });
  await expect(server.fetchJson("/api/counter")).resolves.toEqual({ count: 11 });
});

test.each(["js", "ts"])(
  "what is cached stays, and what is not comes from the new code (.%s)",
  async (extension) => {
    const file = `pages/api/cached-data.${extension}`;
    const project = createProject({ [file]: cachedData });
    const server = await DevProgram.start(project.root);
    const dataOf = async (key: string): Promise<unknown> => server.fetchJson(`/api/cached-data?key=${key}`);
    await expect(dataOf("rain")).resolves.toEqual({ data: "rain as of Monday", cached: true });
    project.edit(file, "Monday", "Tuesday");
    await expect(dataOf("rain")).resolves.toEqual({ data: "rain as of Monday", cached: true });
    await expect(dataOf("snow")).resolves.toEqual({ data: "snow as of Tuesday", cached: true });
  },
);

test.each(["js", "ts"])("requests that were counted stay counted (.%s)", async (extension) => {
  const file = `pages/api/rate-limited.${extension}`;
  const project = createProject({ [file]: rateLimited });
  const server = await DevProgram.start(project.root);
  await expect(server.fetchJson("/api/rate-limited")).resolves.toEqual({ remaining: 99 });
  project.edit(file, "remaining: result", "left: result");
  await expect(server.fetchJson("/api/rate-limited")).resolves.toEqual({ left: 98 });
});

test.each(["js", "ts"])("state behind a test for development goes on, too (.%s)", async (extension) => {
  const file = `pages/api/dev-only.${extension}`;
  const project = createProject({ [file]: developmentOnly });
  const server = await DevProgram.start(project.root);
  await expect(server.fetchJson("/api/dev-only")).resolves.toEqual({ count: 1 });
  project.edit(file, "prev.count + 1", "prev.count + 10");
  await expect(server.fetchJson("/api/dev-only")).resolves.toEqual({ count: 11 });
});
