/** The way to an element from the nearest one that has an id of its own, through open shadow roots. */
export type ElementPath = readonly string[];

export type PageRoot = Document | ShadowRoot;

/** Between the host of a shadow root and what is in it. */
const INTO_SHADOW = "/";

/** How an element is found again in the next document. */
export function pathTo(element: Element): ElementPath {
  const root = element.getRootNode();
  const steps: string[] = [];
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    if (at.id !== "" && isRoot(root) && root.getElementById(at.id) === at) {
      steps.unshift(`#${at.id}`);
      break;
    }
    steps.unshift(`${at.localName}:${likeIt(at).indexOf(at)}`);
  }
  return [...rootPath(root), ...steps];
}

/** How a document or a shadow root is found again. */
export function rootPath(root: Node): ElementPath {
  return root instanceof ShadowRoot ? [...pathTo(root.host), INTO_SHADOW] : [];
}

/** The element that a path leads to, if it is there by now. */
export function elementAt(path: ElementPath): Element | undefined {
  const at = nodeAt(path);
  return at instanceof Element ? at : undefined;
}

/** The document or shadow root that a path leads to, if it is there by now. */
export function rootAt(path: ElementPath): PageRoot | undefined {
  const at = nodeAt(path);
  return isRoot(at) ? at : undefined;
}

/** The document and all shadow roots that can be looked into. */
export function openRoots(root: PageRoot = document): readonly PageRoot[] {
  const inner = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot === null ? [] : openRoots(shadowRoot),
  );
  return [root, ...inner];
}

/** Whether an element or anything around it, hosts of shadow roots too, matches. */
export function isWithin(element: Element, selector: string): boolean {
  if (element.closest(selector) !== null) return true;
  const root = element.getRootNode();
  return root instanceof ShadowRoot && isWithin(root.host, selector);
}

function nodeAt(path: ElementPath): Element | PageRoot | undefined {
  let at: Element | PageRoot | undefined = document;
  for (const step of path) if (at !== undefined) at = nextAt(at, step);
  return at;
}

function nextAt(at: Element | PageRoot, step: string): Element | PageRoot | undefined {
  if (step === INTO_SHADOW) return at instanceof Element ? (at.shadowRoot ?? undefined) : undefined;
  // An id is always the first step in its root.
  if (step.startsWith("#")) return isRoot(at) ? (at.getElementById(step.slice(1)) ?? undefined) : undefined;
  const [name, index] = step.split(":");
  return [...at.children].filter(({ localName }) => localName === name)[Number(index)];
}

/** The children of its parent that have its name. */
function likeIt(element: Element): readonly Element[] {
  const children = element.parentNode?.children ?? [];
  return [...children].filter(({ localName }) => localName === element.localName);
}

function isRoot(node: Node | undefined): node is PageRoot {
  return node instanceof Document || node instanceof ShadowRoot;
}
