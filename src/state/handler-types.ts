// Types of route handlers, read from whatever the project's own types say of the web: this folder imports nothing and
// works without a server. Where nothing declares `Request`, it is `any`.

type GlobalRequest = typeof globalThis extends { readonly Request: { readonly prototype: infer R } }
  ? R
  : // oxlint-disable-next-line typescript/no-explicit-any -- where nothing declares it, nothing is known of it
    any;
type GlobalResponse = typeof globalThis extends { readonly Response: { readonly prototype: infer R } }
  ? R
  : // oxlint-disable-next-line typescript/no-explicit-any -- where nothing declares it, nothing is known of it
    any;

/** What a handler gets: `RouteRequest` of `orbit-hmr`. */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- it is `any` here, and a type in projects
export type HandlerRequest = GlobalRequest & {
  /** The address at the other end of the socket. `undefined` once the socket is gone. */
  readonly ip: string | undefined;
};

/** What a handler gets beside the request: `RouteContext` of `orbit-hmr`. */
export interface HandlerContext {
  readonly params: { readonly [name: string]: string | readonly string[] | undefined };
}

/**
 * Anything that can be called. Deliberately without a call signature: with one, TypeScript would look into the bodies
 * of the handlers to type the call, find the handler itself there, and give up (TS7022).
 */
export interface RouteFunction {
  readonly name: string;
  readonly length: number;
}

/** Handlers by method: `GET`, `POST`, ... */
export type RouteFunctions<Handlers> = { readonly [Method in keyof Handlers]: RouteFunction };

/**
 * Gives parameters their types where they have none. It returns `any`: so the checker has no reason to ask for the type of
 * a body that mentions the handler itself. A method is compared both ways, so that a handler may say more of its
 * parameters: `{ params }: { params: { id: string } }`.
 */
export type InferredHandler = {
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  of(request: HandlerRequest, context: HandlerContext): any;
}["of"];

/** The same where the bodies cannot mention what they are part of: what they return is checked as well. */
export type CheckedHandler = {
  // oxlint-disable-next-line typescript/no-redundant-type-constituents -- it is `any` here, and a type in projects
  of(request: HandlerRequest, context: HandlerContext): GlobalResponse | Promise<GlobalResponse>;
}["of"];

/** Handlers of which only the kind is known: the type of the state was given, and TypeScript infers all or nothing. */
export type HandlersByMethod<Handler> = { readonly [method: Uppercase<string>]: Handler };

/** Handlers are an object; a function makes them. */
export interface NoFunction {
  readonly apply?: never;
}
