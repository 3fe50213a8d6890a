import type { TemplateElement, TemplateNode } from "../../protocol/component.ts";
import { nodesOf } from "../../components/correlate.ts";
import { isControlled } from "./template-versions.ts";
import type { TemplateVersions } from "./template-versions.ts";

/**
 * Why a template can be in no page what it is now, whatever stands there. Code has no idea of patches: it goes on putting its
 * items where they belonged, and gives values to what it has drawn.
 *
 * @returns nothing where it can
 */
export function hindranceOf(versions: TemplateVersions): string | undefined {
  const { target, drawn } = versions;
  if (target.kind !== "element") return "Its root is no element.";
  for (const version of drawn) {
    if (versions.becameOf(version) !== target) return "Its root element is another one.";
    for (const node of nodesOf(version)) {
      const hindrance = node.kind === "text" ? undefined : lossOf(node, versions);
      if (hindrance !== undefined) return hindrance;
    }
    for (const node of nodesOf(target)) {
      const hindrance = node.kind === "text" ? undefined : gainOf(node, version, versions);
      if (hindrance !== undefined) return hindrance;
    }
  }
  return undefined;
}

/** What code would still do with an element that it has drawn. */
function lossOf(node: TemplateElement, versions: TemplateVersions): string | undefined {
  if (!isControlled(node) && node.kind !== "slot") return undefined;
  const [parent, now] = [versions.parentOf(node), versions.becameOf(node)];
  if (parent === undefined) return undefined;
  const around = versions.becameOf(parent);
  // Its parent goes as a whole, and code goes on in there.
  if (now === undefined && around === undefined) {
    const isWhole = nodesOf(parent).every((each) => versions.becameOf(each) === undefined);
    return isWhole ? undefined : `Code puts ${nameOf(node)} into what is taken apart.`;
  }
  if (now === undefined || versions.parentOf(now) !== around)
    return `Code puts ${nameOf(node)} where it was.`;
  // Code may put the next one before what followed.
  const follower = parent.children.slice(parent.children.indexOf(node) + 1).find(isThere);
  const place = follower === undefined ? undefined : versions.becameOf(follower);
  const isLeft = follower !== undefined && (place === undefined || versions.parentOf(place) !== around);
  return isLeft ? `Code may look for what came after ${nameOf(node)}.` : undefined;
}

/** What code would have to do for an element, and does not. */
function gainOf(
  node: TemplateElement,
  version: TemplateElement,
  versions: TemplateVersions,
): string | undefined {
  const forms = versions.formsOf(node);
  const isOld = forms.some((form) => isWithin(form, version, versions));
  if (!isOld && (node.kind !== "element" || isControlled(node) || node.bound.length > 0))
    return `Code does not draw ${nameOf(node)}.`;
  if (node.kind !== "element" && !versions.isSettled(node))
    return `What belongs to ${nameOf(node)} is drawn by others.`;
  const isAnother = forms.some(
    (form) => form.times !== node.times || form.bound.toSorted().join() !== node.bound.toSorted().join(),
  );
  return isAnother ? `Code draws ${nameOf(node)} in another way.` : undefined;
}

function isWithin(node: TemplateElement, root: TemplateElement, versions: TemplateVersions): boolean {
  for (let at: TemplateElement | undefined = node; at !== undefined; at = versions.parentOf(at))
    if (at === root) return true;
  return false;
}

/** Whether something of it is always to be found. */
function isThere(node: TemplateNode): boolean {
  if (node.kind !== "text") return node.kind !== "slot" && !isControlled(node);
  return node.parts.some((part) => typeof part !== "string" || part.trim() !== "");
}

function nameOf({ tag }: TemplateElement): string {
  return `<${tag}>`;
}
