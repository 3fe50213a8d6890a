import { Client } from "pg";
import { afterAll, beforeAll } from "vitest";
import { findPostgres } from "../../../scripts/find-servers.js";
import { startPostgres } from "../../../scripts/start-postgres.js";
import type { Postgres } from "../../../scripts/start-postgres.js";

const bin = findPostgres();

/** Whether the tests of this file can run. */
export const hasPostgres: boolean = bin !== undefined;

/** PostgreSQL as the tests of one file see it. */
export interface TestPostgres {
  /** The text of an expression that code of a project connects with. */
  readonly connection: string;
  /** How many connections a named application has right now. */
  readonly connectionsOf: (application: string) => Promise<number>;
  /** Statements that a named application is running right now. */
  readonly runningIn: (application: string) => Promise<readonly string[]>;
  readonly notify: (channel: string, payload: string) => Promise<void>;
  /** Something that statements wait for until the test lets go of it. */
  readonly lockOf: () => Promise<Lock>;
}

/** A lock that the test holds. */
export interface Lock {
  /** The statement that waits for it. */
  readonly wait: string;
  readonly release: () => Promise<void>;
}

let locks = 0;

/** Have a PostgreSQL of its own for the tests of a file. */
export function usePostgres(): TestPostgres {
  let server: Postgres | undefined;
  let observer: Client | undefined;
  beforeAll(async () => {
    if (bin === undefined) return;
    server = await startPostgres(bin);
    observer = new Client(server.connection);
    await observer.connect();
  });
  afterAll(async () => {
    await observer?.end();
    await server?.stop();
  });
  const activity = async (application: string): Promise<readonly { query: string; state: string }[]> => {
    const text = "select query, state from pg_stat_activity where application_name = $1";
    const answer = await observer?.query<{ query: string; state: string }>(text, [application]);
    return answer?.rows ?? [];
  };
  return {
    get connection() {
      return JSON.stringify(server?.connection);
    },
    connectionsOf: async (application) => (await activity(application)).length,
    runningIn: async (application) =>
      (await activity(application)).filter(({ state }) => state === "active").map(({ query }) => query),
    notify: async (channel, payload) => {
      await observer?.query("select pg_notify($1, $2)", [channel, payload]);
    },
    lockOf: async () => {
      const id = ++locks;
      await observer?.query(`select pg_advisory_lock(${id})`);
      return {
        wait: `select pg_advisory_lock_shared(${id})`,
        release: async () => {
          await observer?.query(`select pg_advisory_unlock(${id})`);
        },
      };
    },
  };
}

if (!hasPostgres) {
  process.stderr.write(
    "SKIPPED: the tests of PostgreSQL's client need its server: install postgresql, or set POSTGRES_BIN to the folder of initdb.\n",
  );
}
