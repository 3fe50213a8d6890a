import { routeText, sharedText } from "../project.js";

/**
 * @typedef {object} Edit One save, and how to see that an answer knows of it.
 * @property {string} file
 * @property {string} text
 * @property {string} path What to ask.
 * @property {(answer: any) => boolean} isFresh
 */

/** Far above what the modules of a tree add up to. */
const STEP = 1_000_000;

/**
 * Routes over a tree of 0.6 as many shared modules: each route reaches the deep one.
 *
 * @param {number} routes
 */
export function treeProject(routes) {
  const shared = Math.ceil(routes * 0.6);
  const files = {};
  for (let index = 0; index < shared; index++) files[`lib/shared-${index}.ts`] = sharedText(index, "start");
  for (let index = 0; index < routes; index++)
    files[`pages/api/r${index}.ts`] = routeText(index, "start", shared);
  return {
    files,
    paths: Array.from({ length: routes }, (_, index) => `/api/r${index}`),
    /**
     * @param {"route" | "deep"} kind
     * @param {number} number Never the same twice.
     * @param {number} route The route that is edited, or asked.
     * @returns {Edit}
     */
    edit(kind, number, route) {
      if (kind === "route") {
        const mark = `edit-${number}`;
        return {
          file: `pages/api/r${route}.ts`,
          text: routeText(route, mark, shared),
          path: `/api/r${route}`,
          isFresh: (answer) => answer.mark === mark,
        };
      }
      return {
        file: "lib/shared-0.ts",
        text: sharedText(0, "start").replace("deepMark.length", String(number * STEP)),
        path: `/api/r${route}`,
        isFresh: (answer) =>
          Math.floor(answer.first / STEP) === number && Math.floor(answer.second / STEP) === number,
      };
    },
  };
}

const CHECKOUT = { routes: 500, editedRoutes: 170, editedModules: 30 };
const shapes = {
  chain: { modules: 300, chain: 20 },
  flat: { modules: 300, chain: 0 },
};

/**
 * What a `git checkout` replaces: 170 of 500 routes and 30 of the 300 modules below them. In a chain, every route
 * reaches the 20 edited modules of it; in a flat tree, modules import nothing.
 *
 * @param {keyof typeof shapes} shape
 */
export function checkoutProject(shape) {
  const { routes, editedRoutes, editedModules } = CHECKOUT;
  const { modules } = shapes[shape];
  const textsOf = (number, isEdited) => {
    const texts = {};
    for (let index = 0; index < modules; index++)
      if (!isEdited || index < editedModules) texts[`lib/m${index}.ts`] = moduleText(shape, index, number);
    for (let index = 0; index < routes; index++)
      if (!isEdited || index < editedRoutes)
        texts[`pages/api/r${index}.ts`] = checkoutRoute(shape, index, number);
    return texts;
  };
  return {
    files: textsOf(0, false),
    paths: Array.from({ length: routes }, (_, index) => `/api/r${index}`),
    editedPaths: Array.from({ length: editedRoutes }, (_, index) => `/api/r${index}`),
    /** @param {number} number Which checkout this is, from 1. */
    checkout: (number) => textsOf(number, true),
    isFresh: (route, answer, number) =>
      answer.mark === number &&
      answer.stamps.every((stamp, at) => stamp === stampOf(shape, importsOf(shape, route)[at], number)),
  };
}

/** What the two imports of a route say: the stamp of the last module that they reach. */
function stampOf(shape, module, number) {
  return shapes[shape].chain > 0 || module < CHECKOUT.editedModules ? number : 0;
}

function importsOf(shape, route) {
  const { chain, modules } = shapes[shape];
  return [0, 7].map((step) => chain + ((route + step) % (modules - chain)));
}

function moduleText(shape, index, number) {
  const { chain } = shapes[shape];
  if (chain === 0 || index === chain - 1) return `export const stamp = (): number => ${number};\n`;
  const below = index < chain ? index + 1 : 0;
  // An edited module of the chain changes too, and says so where only it is looked at.
  return `import { stamp as below } from "./m${below}.ts";
export const at: number = ${number};
export const stamp = (): number => below();
`;
}

function checkoutRoute(shape, index, number) {
  const [first, second] = importsOf(shape, index);
  return `import { stamp as first } from "../../lib/m${first}.ts";
import { stamp as second } from "../../lib/m${second}.ts";

export function GET(_request: Request): Response {
  return Response.json({ mark: ${number}, stamps: [first(), second()] });
}
`;
}
