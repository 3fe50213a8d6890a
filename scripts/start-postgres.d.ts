/** A PostgreSQL of its own, until it is stopped or this process ends. */
export interface Postgres {
  /** What `pg` connects with. */
  readonly connection: { readonly host: string; readonly user: string; readonly database: string };
  readonly stop: () => Promise<void>;
}

/** Start a PostgreSQL with data of its own in a temporary folder; `bin` is the folder of its programs. */
export function startPostgres(bin: string): Promise<Postgres>;
