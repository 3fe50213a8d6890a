type Env = Readonly<Record<string, string | undefined>>;

/** The folder of PostgreSQL's programs: `POSTGRES_BIN`, then the `PATH`, then where packages put them. */
export function findPostgres(env?: Env): string | undefined;

/** Where redis-server is: `REDIS_SERVER`, then the `PATH`, then where packages put it. */
export function findRedis(env?: Env): string | undefined;
