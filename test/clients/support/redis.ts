import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { findRedis } from "../../../scripts/find-servers.js";
import { startRedis } from "../../../scripts/start-redis.js";
import type { Redis as RedisServer } from "../../../scripts/start-redis.js";

const program = findRedis();

/** Whether the tests of this file can run. */
export const hasRedis: boolean = program !== undefined;

/** Redis as the tests of one file see it. */
export interface TestRedis {
  /** The socket it listens on. */
  readonly path: string;
  /** What the connections with a name are doing right now: the last command of each. */
  readonly connectionsOf: (name: string) => Promise<readonly string[]>;
  /** Cut the connections with a name, as a network would. */
  readonly cut: (name: string) => Promise<void>;
  readonly push: (list: string, text: string) => Promise<void>;
  readonly publish: (channel: string, text: string) => Promise<void>;
}

/** Have a Redis of its own for the tests of a file. */
export function useRedis(): TestRedis {
  let server: RedisServer | undefined;
  let observer: Redis | undefined;
  beforeAll(async () => {
    if (program === undefined) return;
    server = await startRedis(program);
    observer = new Redis(server.path);
  });
  afterAll(async () => {
    await observer?.quit();
    await server?.stop();
  });
  return {
    get path() {
      return server?.path ?? "";
    },
    connectionsOf: async (name) => {
      const lines = String(await observer?.client("LIST")).split("\n");
      const own = lines.filter((line) => line.includes(` name=${name} `));
      return own.map((line) => /\bcmd=(\S+)/.exec(line)?.[1] ?? "");
    },
    cut: async (name) => {
      const lines = String(await observer?.client("LIST")).split("\n");
      for (const line of lines.filter((each) => each.includes(` name=${name} `))) {
        await observer?.client("KILL", "ID", Number(/\bid=(\d+)/.exec(line)?.[1]));
      }
    },
    push: async (list, text) => {
      await observer?.rpush(list, text);
    },
    publish: async (channel, text) => {
      await observer?.publish(channel, text);
    },
  };
}

if (!hasRedis) {
  process.stderr.write(
    "SKIPPED: the tests of Redis' client need its server: install redis-server, or set REDIS_SERVER to its path.\n",
  );
}
