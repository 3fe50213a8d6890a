/**
 * One card per route. `route` is the route as the dev server names it; `calls` are its buttons.
 * The words around the file name say what stays when the file is edited.
 */
export const cards = [
  {
    title: "A counter",
    route: "/api/examples/stateful-counter",
    invite: ["Edit ", "pages/api/examples/stateful-counter.js", ": the count stays."],
    calls: [{ label: "Count", method: "POST", url: "/api/examples/stateful-counter" }],
  },
  {
    title: "A slow answer, cached",
    route: "/api/examples/persistent-cache",
    invite: [
      "Edit ",
      "pages/api/examples/persistent-cache.js",
      ": what was cached stays, so no waiting again.",
    ],
    calls: [
      { label: "Ask", method: "GET", url: "/api/examples/persistent-cache?city=Lisbon" },
      { label: "Empty the cache", method: "DELETE", url: "/api/examples/persistent-cache" },
    ],
  },
  {
    title: "A rate limit",
    route: "/api/examples/hmr-rate-limit",
    invite: ["Edit ", "pages/api/examples/hmr-rate-limit.js", ": what you have used up stays used up."],
    calls: [{ label: "Knock", method: "GET", url: "/api/examples/hmr-rate-limit" }],
  },
  {
    title: "A counter in TypeScript",
    route: "/api/examples/ts/stateful-counter",
    invite: ["Edit ", "pages/api/examples/ts/stateful-counter.ts", ": the count stays."],
    calls: [{ label: "Count", method: "POST", url: "/api/examples/ts/stateful-counter" }],
  },
  {
    title: "A cache in TypeScript",
    route: "/api/examples/ts/persistent-cache",
    invite: ["Edit ", "pages/api/examples/ts/persistent-cache.ts", ": the answers stay."],
    calls: [{ label: "Ask", method: "GET", url: "/api/examples/ts/persistent-cache?n=60" }],
  },
  {
    title: "A rate limit in TypeScript",
    route: "/api/examples/ts/hmr-rate-limit",
    invite: ["Edit ", "pages/api/examples/ts/hmr-rate-limit.ts", ": searches are still counted."],
    calls: [{ label: "Search", method: "GET", url: "/api/examples/ts/hmr-rate-limit" }],
  },
  {
    title: "A login",
    route: "/api/session",
    invite: ["Log in, then edit the greeting in ", "pages/api/session.js", ": you stay logged in."],
    calls: [
      { label: "Log in as Ada", method: "POST", url: "/api/session", body: { name: "Ada" } },
      { label: "Who am I?", method: "GET", url: "/api/session" },
      { label: "Log out", method: "DELETE", url: "/api/session" },
    ],
  },
  {
    title: "A list of notes",
    route: "/api/notes",
    invite: ["Edit ", "pages/api/notes.js", ": the notes stay."],
    calls: [{ label: "Add a note", method: "POST", url: "/api/notes", body: { text: "Hello" } }],
  },
  {
    title: "A connection",
    route: "/api/mail",
    invite: ["Edit ", "pages/api/mail.js", ": it stays connected, and no second connection is opened."],
    calls: [{ label: "Send", method: "POST", url: "/api/mail" }],
  },
  {
    title: "Shared code",
    route: "/api/shop/cart",
    invite: ["Edit the tax in ", "lib/price.js", ": two routes show new prices, the cart stays full."],
    calls: [
      { label: "Products", method: "GET", url: "/api/shop/products" },
      { label: "Buy a moon", method: "POST", url: "/api/shop/cart", body: { id: "moon" } },
    ],
  },
  {
    title: "A stream",
    route: "/api/clock",
    invite: ["Edit ", "pages/api/clock.js", ": the stream goes on, the next one runs the new code."],
    calls: [{ label: "Listen", method: "GET", url: "/api/clock", isStream: true }],
  },
  {
    title: "Only in development",
    route: "/api/dev-counter",
    invite: ["Edit ", "pages/api/dev-counter.js", ": state in development, plain handlers in production."],
    calls: [{ label: "Call", method: "GET", url: "/api/dev-counter" }],
  },
  {
    title: "A parameter",
    route: "/api/greet/:name",
    invite: ["Edit ", "pages/api/greet/[name].js", ": the next greeting is the new one."],
    calls: [{ label: "Greet Grace", method: "GET", url: "/api/greet/Grace" }],
  },
  {
    title: "The rest of a path",
    route: "/api/files/:path+",
    invite: ["Edit ", "pages/api/files/[...path].js", ": one file answers for every path below it."],
    calls: [{ label: "Fetch", method: "GET", url: "/api/files/photos/2024/moon.jpg" }],
  },
];
