/**
 * Under which keys a `Request` keeps what `new Request(request)`, `fetch(request)` and its own methods know of it. None
 * where another object cannot lend itself to one by them (Node 24 keeps it in private fields).
 */
export const REQUEST_STATE: readonly PropertyKey[] = findState();

function findState(): readonly PropertyKey[] {
  const real = new Request("http://localhost/a", { method: "PUT", headers: { name: "value" } });
  const keys = Reflect.ownKeys(real);
  const other: object = Object.create(Request.prototype);
  lendState(other, keys, () => real);
  return isRequestLike(other, real) ? keys : [];
}

/** Let an object have the state of a request that is made when the state is asked for. */
export function lendState<Borrower extends object>(
  borrower: Borrower,
  keys: readonly PropertyKey[],
  requestOf: (borrower: Borrower) => Request,
): void {
  for (const key of keys) {
    Object.defineProperty(borrower, key, {
      get(this: Borrower): unknown {
        return Reflect.get(requestOf(this), key);
      },
    });
  }
}

/** Whether an object is taken for a request by those who know requests from inside. */
function isRequestLike(value: object, request: Request): boolean {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whether it is one is the question
    const copy = new Request(value as Request);
    return (
      copy.url === request.url &&
      copy.method === request.method &&
      copy.headers.get("name") === request.headers.get("name")
    );
  } catch {
    return false;
  }
}
