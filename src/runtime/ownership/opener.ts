import { AsyncLocalStorage } from "node:async_hooks";
import { debuglog } from "node:util";
import { currentContext } from "../model/context.ts";
import type { Context } from "../model/context.ts";
import type { Generation } from "../model/generation.ts";
import { evaluatingGeneration } from "../model/late-evaluation.ts";
import type { Callable } from "./patch.ts";
import { OwnedResources } from "./resource.ts";
import type { ResourceScope, OwnedResource } from "./resource.ts";
import { framesBelow, readPath } from "./stack-path.ts";
import type { Path, ProjectPath } from "./stack-path.ts";

/*
 * Whose is what a piece of running code opens?
 *
 *     nobody's context (Vite, the CLI, tests)          nobody's; one look into the AsyncLocalStorage and no more
 *     an initializer, and what goes on from there      the generation's that has the value which it made
 *     a top level, or a promise chain it started       the evaluating generation's, packages in between or not
 *     a function of a project module, called later     the module's whose frame is nearest, if it opened it itself
 *     a package, called by such a function             the package's: a pool opens connections for all its callers
 *     a package while it is loaded                     nobody's: that happens once in the life of the process
 */

/** Who opens something right now. */
export type Opener =
  | {
      readonly kind: "generation";
      readonly owned: OwnedResources;
      /** No package stands between the module and what it opens. */
      readonly isDirect: boolean;
    }
  /** Code of a generation that was closed already: nobody would close it later. */
  | { readonly kind: "gone" };

const NOBODY: unique symbol = Symbol("orbit-hmr:nobody");

/** What is opened belongs to nobody, or to the value that is being made. */
const scopes = new AsyncLocalStorage<ResourceScope | typeof NOBODY>();

const ownedByScript = new Map<string, Set<OwnedResources>>();
const ownedOf = new WeakMap<Generation, OwnedResources>();

/** Set while the callback of a package's timer runs: what it opens next continues the same thing. */
let continued: OwnedResources | undefined;

/** Let a generation own what it opens from now on. */
export function register(generation: Generation): void {
  if (ownedOf.has(generation)) return;
  const owned = new OwnedResources(generation);
  ownedOf.set(generation, owned);
  addScript(scriptOf(generation), owned);
}

/** So many of the last generations that have had what is carried on may have code in it, beside the one that made it. */
const CARRIED_SCRIPTS = 50;
/** The script that has made what is carried on from generation to generation. */
const makers = new WeakMap<object, string>();

/**
 * What is opened by code of `from`, which lives on in values that were carried over, belongs to `to`. A value may be
 * carried on for as long as the process lives: what has held it in between, long ago, is forgotten.
 */
export function continueIn(to: OwnedResources, from: OwnedResources, values: Iterable<object>): void {
  const lasting = new Set([...from.scripts].slice(0, CARRIED_SCRIPTS));
  for (const value of values) {
    const maker = makers.get(value) ?? scriptOf(from.generation);
    makers.set(value, maker);
    lasting.add(maker);
  }
  for (const scriptName of lasting) addScript(scriptName, to);
  // Not closed: should its code open something after all, that is nobody's.
  for (const scriptName of from.scripts) if (!lasting.has(scriptName)) removeScript(scriptName, from);
}

function scriptOf({ source }: Generation): string {
  return source.compiled.scriptName;
}

/** The generation owns nothing any more. Its code may run on, but what it opens is closed at once. */
export function unregister(generation: Generation): void {
  const owned = ownedOf.get(generation);
  if (owned === undefined) return;
  ownedOf.delete(generation);
  for (const scriptName of owned.scripts) {
    removeScript(scriptName, owned);
    if (!ownedByScript.has(scriptName)) rememberClosed(scriptName);
  }
}

function addScript(scriptName: string, owned: OwnedResources): void {
  const owners = ownedByScript.get(scriptName) ?? new Set();
  ownedByScript.set(scriptName, owners.add(owned));
  owned.scripts.add(scriptName);
  closedScripts.delete(scriptName);
}

function removeScript(scriptName: string, owned: OwnedResources): void {
  owned.scripts.delete(scriptName);
  const owners = ownedByScript.get(scriptName);
  owners?.delete(owned);
  if (owners?.size === 0) ownedByScript.delete(scriptName);
}

/** Scripts that were closed: code that nobody has registered is none of ours. */
const closedScripts = new Set<string>();
const REMEMBERED_SCRIPTS = 10_000;

function rememberClosed(scriptName: string): void {
  closedScripts.add(scriptName);
  const [oldest] = closedScripts;
  if (closedScripts.size > REMEMBERED_SCRIPTS && oldest !== undefined) closedScripts.delete(oldest);
}

/** What a generation owns, if it has been registered. */
export function findOwned(generation: Generation): OwnedResources | undefined {
  return ownedOf.get(generation);
}

/** Everything that is or was a resource by itself. */
const subjects = new WeakSet<object>();

/** Whether an object is owned for what it is, whatever its methods are called. */
export function isSubject(value: object): boolean {
  return subjects.has(value);
}

/** Run `make` so that nobody owns what it opens. */
export function runAsNobody<T>(make: () => T): T {
  return scopes.run(NOBODY, make);
}

/** Run `make` so that what it opens follows the value it makes. */
export function runInScope<T>(scope: ResourceScope, make: () => T): T {
  return scopes.run(scope, make);
}

/** Run `body` as a continuation of what `owned` has opened. */
export function runContinued<T>(owned: OwnedResources, body: () => T): T {
  const outer = continued;
  continued = owned;
  try {
    return body();
  } finally {
    continued = outer;
  }
}

function currentScope(): ResourceScope | undefined {
  const scope = scopes.getStore();
  return scope === NOBODY ? undefined : scope;
}

/** Give a resource to its opener. */
export function own(owned: OwnedResources, resource: OwnedResource): void {
  owned.add(resource);
  if (resource.subject !== undefined) subjects.add(resource.subject);
  currentScope()?.resources.add(resource);
}

/** The context in which something can have an owner: `undefined` for all code that is none of ours. */
export function ownableContext(): Context | undefined {
  const context = currentContext();
  // What is opened in order to close something, a timer or a last connection, ends with that.
  if (context === undefined || context.closing !== undefined) return undefined;
  return scopes.getStore() === NOBODY ? undefined : context;
}

/** Reading a stack costs by the frame: so many of Node's own stand between a module and what it opens. */
const NODE_FRAMES = 6;
/** A module stands below the packages that it uses. */
const PACKAGE_FRAMES = 40;

/** What an opener is looked for by. */
interface OpenerQuery {
  readonly context: Context;
  /** The patched function that was called. */
  readonly callee: Callable;
  /** It also belongs to a module that lets a package open it outside of evaluation. */
  readonly throughPackages?: boolean;
  /** What another part of Node opens is that part's own, unless this says that it only passes the call on. */
  readonly passesOn?: (frame: NodeJS.CallSite) => boolean;
}

const log = debuglog("orbit:opener");

/** Who opens what a patched function is called for. */
export function findOpener(query: OpenerQuery): Opener | undefined {
  const opener = openerFor(query);
  if (log.enabled) log("%s by %s", query.callee.name, nameOf(opener));
  return opener;
}

function nameOf(opener: Opener | undefined): string {
  if (opener === undefined) return "nobody";
  if (opener.kind === "gone") return "closed code: it is closed at once";
  const { displayName } = opener.owned.generation.module;
  return opener.isDirect ? displayName : `${displayName}, through a package`;
}

function openerFor({
  context,
  callee,
  throughPackages = false,
  passesOn = always,
}: OpenerQuery): Opener | undefined {
  const evaluating = evaluatingGeneration();
  const top = evaluating && ownedOf.get(evaluating);
  const isDeep = top !== undefined || throughPackages;
  const path = readPath(framesBelow(callee, isDeep ? PACKAGE_FRAMES : NODE_FRAMES), passesOn);
  if (path.kind === "nobody") return undefined;
  const isDirect = path.kind === "project" && path.isDirect;
  const owner = currentScope()?.owned ?? top;
  if (owner !== undefined) return openerOf(owner, isDirect);
  const caller = isDirect || throughPackages ? path : undefined;
  return openerLater(caller, context);
}

/** Who opens something outside of every evaluation: the module whose code does, or whatever it continues. */
function openerLater(caller: Path | undefined, context: Context): Opener | undefined {
  if (caller?.kind === "project") return openerByScript(caller, context);
  return continued && openerOf(continued, false);
}

function openerByScript({ scriptName, isDirect }: ProjectPath, context: Context): Opener | undefined {
  const owned = findByScript(scriptName, context);
  if (owned !== undefined) return openerOf(owned, isDirect);
  return closedScripts.has(scriptName) ? { kind: "gone" } : undefined;
}

function openerOf(owned: OwnedResources, isDirect: boolean): Opener {
  const isOpen = ownedOf.get(owned.generation) === owned;
  return isOpen ? { kind: "generation", owned, isDirect } : { kind: "gone" };
}

/** Whose code a script of the stack is, for whoever runs in this context. */
export function findGeneration(scriptName: string, context: Context): Generation | undefined {
  return findByScript(scriptName, context)?.generation;
}

/** Several generations may come from the same text. */
function findByScript(scriptName: string, { evaluating, snapshot }: Context): OwnedResources | undefined {
  const owners = ownedByScript.get(scriptName);
  if (owners === undefined) return undefined;
  let found: OwnedResources | undefined;
  for (const owned of owners) {
    const { generation } = owned;
    if (generation === evaluating || generation === snapshot.generationOf(generation.module)) return owned;
    if (found === undefined || generation === generation.module.live) found = owned;
  }
  return found;
}

function always(): boolean {
  return true;
}
