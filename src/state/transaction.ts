import type { GenerationScope } from "./generation.ts";
import { dataContentOf } from "../values/content.ts";
import { ContentSnapshot } from "../values/snapshot.ts";
import { currentScope, standingOf } from "./phase.ts";
import type { Aside, Draft, Entry, StateKind } from "./entries.ts";
import { forgetEntry, registry, touch } from "./registry.ts";
import { report } from "./report.ts";
import type { SavedEntry } from "./saved-state.ts";

/*
 * New code is evaluated aside while the old code still serves requests. What it defines and writes goes into a draft:
 *
 *     live body ──────────── written by requests ───────────> live body ── + steps of the draft ──> live body
 *         └─ fork + steps ──> aside body: what the new code sees ──┘ (its generation becomes live)
 *
 * An abandoned draft is dropped, and the live body has never heard of it.
 */

/** How one kind of state takes part in transactions. */
export interface EntryRules<Body> {
  /** A body that steps may change while the given one stays as it is. */
  fork(body: Body): Body;
  /** The values that code can change in place without a step; `undefined` when there are none. */
  contents(body: Body): unknown;
  /** Called after running code got another body. */
  onChange(entry: { readonly listeners: Entry["listeners"] }, next: Body, previous: Body): void;
  /** The body that was saved, of an entry of this kind; `body` is what there is now. */
  restored(saved: SavedEntry, body?: Body): Body;
}

/** Makes the body from what was kept. `maker` names who defines it, the same again after an edit. */
export type Definition<Body> = (kept: Body | undefined, maker: string) => Body;

/** How code that defined an entry reads and writes it: live, or aside while it is not live yet. */
export interface EntryHandle<Body> {
  readonly read: () => Body;
  /** `step` must be pure: it may run again on the body of the day when the generation becomes live. */
  readonly write: (step: (body: Body) => Body) => Body;
}

type EntryOf<Body> = Entry<StateKind, Body>;

/** Defines an entry for the generation that is evaluated, or at once where there is none. */
export function open<Body>(
  entry: EntryOf<Body>,
  rules: EntryRules<Body>,
  define: Definition<Body>,
): EntryHandle<Body> {
  const scope = currentScope();
  const standing = standingOf(scope);
  // Before any draft: what was kept is no doing of this code, and stays when this code never becomes live.
  if (entry.live === undefined && entry.drafts.size === 0 && scope?.preserveState !== false) {
    entry.live = recalled(entry, rules);
  }
  if (standing.kind === "live") commit(entry, rules, define(entry.live, ""));
  if (standing.kind === "aside") stageDefinition(entry, rules, standing.scope, define);
  const orDefined = (body: Body | undefined): Body => body ?? define(undefined, "");
  return {
    read: () => readEntry(entry, rules, orDefined, scope),
    write: (step) => writeEntry(entry, rules, (body) => step(orDefined(body)), scope),
  };
}

/**
 * Applies one step where the caller stands: to the live body, to its draft, or nowhere when it was abandoned.
 * @returns The body after the step.
 */
export function writeEntry<Body>(
  entry: EntryOf<Body>,
  rules: EntryRules<Body>,
  step: (body: Body | undefined) => Body,
  own?: GenerationScope,
): Body {
  const standing = standingOf(own);
  if (standing.kind === "abandoned") return step(forked(entry, rules));
  if (standing.kind === "aside") {
    const aside = (entry.aside ??= lookAside(entry, rules));
    const next = step(aside.body);
    // Only after the step: one that throws was never made.
    draftOf(entry, rules, standing.scope).steps.push(step);
    entry.aside = { ...aside, body: next };
    return next;
  }
  const next = step(entry.live);
  // Whatever was seen aside rested on the body before this one.
  entry.aside = undefined;
  commit(entry, rules, next);
  return next;
}

function recalled<Body>({ kind, key }: EntryOf<Body>, rules: EntryRules<Body>): Body | undefined {
  for (const keeper of registry().keepers) {
    const saved = keeper.recall(kind, key);
    if (saved !== undefined) return rules.restored(saved);
  }
  return undefined;
}

function readEntry<Body>(
  entry: EntryOf<Body>,
  rules: EntryRules<Body>,
  orDefined: (body: Body | undefined) => Body,
  own: GenerationScope | undefined,
): Body {
  const standing = standingOf(own);
  if (standing.kind === "abandoned") return orDefined(forked(entry, rules));
  if (standing.kind === "aside") return orDefined((entry.aside ??= lookAside(entry, rules)).body);
  entry.uses += 1;
  entry.isCleared = false;
  touch();
  return (entry.live ??= orDefined(undefined));
}

function stageDefinition<Body>(
  entry: EntryOf<Body>,
  rules: EntryRules<Body>,
  scope: GenerationScope,
  define: Definition<Body>,
): void {
  const draft = draftOf(entry, rules, scope);
  const isFirst = draft.definitions === 0;
  if (isFirst) draft.startsAnew = !scope.preserveState && entry.makers.has(scope.module);
  // A module may define the same id twice; both are remembered, told apart by their order.
  const maker = isFirst ? scope.module : `${scope.module}#${draft.definitions}`;
  draft.definitions += 1;
  const step = (kept: Body | undefined): Body => define(kept, maker);
  draft.steps.push(step);
  // Not looked at anew: what the live body contained before this code could change it must not be forgotten.
  if (entry.aside !== undefined) {
    entry.aside = { ...entry.aside, body: step(isFirst && draft.startsAnew ? undefined : entry.aside.body) };
  }
}

function draftOf<Body>(entry: EntryOf<Body>, rules: EntryRules<Body>, scope: GenerationScope): Draft<Body> {
  const found = entry.drafts.get(scope);
  if (found !== undefined) return found;
  const draft: Draft<Body> = { steps: [], startsAnew: false, definitions: 0 };
  entry.drafts.set(scope, draft);
  scope.onLive(() => goLive(entry, rules, scope, draft));
  scope.onDispose(() => abandon(entry, scope));
  return draft;
}

function goLive<Body>(
  entry: EntryOf<Body>,
  rules: EntryRules<Body>,
  scope: GenerationScope,
  draft: Draft<Body>,
): void {
  const { aside } = entry;
  const isUntouched = entry.drafts.size === 1 && aside?.uses === entry.uses && aside.isIntact();
  entry.drafts.delete(scope);
  entry.aside = undefined;
  if (draft.startsAnew) entry.makers = new Set();
  if (draft.definitions > 0) {
    entry.makers.add(scope.module);
    entry.isKept = scope.preserveState;
  }
  // The very body that the new code has seen, if possible: it may hold on to objects in it.
  const next = isUntouched && aside ? aside.body : applyDraft(entry.live, draft);
  if (next !== undefined) commit(entry, rules, next);
}

function abandon<Body>(entry: EntryOf<Body>, scope: GenerationScope): void {
  if (!entry.drafts.delete(scope)) return;
  // Between looking aside and now only abandoned code has used the entry: what changed in place was its doing.
  if (entry.drafts.size === 0 && entry.aside?.uses === entry.uses) entry.aside.restore();
  entry.aside = undefined;
  if (entry.live === undefined && entry.drafts.size === 0) forgetEntry(entry);
}

function lookAside<Body>(entry: EntryOf<Body>, rules: EntryRules<Body>): Aside<Body> {
  const { live, uses } = entry;
  const before = new ContentSnapshot([live && rules.contents(live)], dataContentOf);
  let body = forked(entry, rules);
  for (const draft of entry.drafts.values()) body = applyDraft(body, draft);
  return { body, uses, isIntact: () => before.isIntact(), restore: () => void before.restore() };
}

function forked<Body>({ live }: EntryOf<Body>, rules: EntryRules<Body>): Body | undefined {
  return live === undefined ? undefined : rules.fork(live);
}

function applyDraft<Body>(kept: Body | undefined, draft: Draft<Body>): Body | undefined {
  let body = draft.startsAnew ? undefined : kept;
  for (const step of draft.steps) {
    try {
      body = step(body);
    } catch (error) {
      // A commit is all or nothing and past its checks: a user's update that fails the second time must not stop it.
      report({
        message:
          "[orbit] A state update made while a module was evaluated failed when the module became live.",
        error,
      });
    }
  }
  return body;
}

function commit<Body>(entry: EntryOf<Body>, rules: EntryRules<Body>, next: Body): void {
  const previous = entry.live;
  entry.live = next;
  entry.uses += 1;
  entry.isCleared = false;
  touch();
  if (previous !== undefined) rules.onChange(entry, next, previous);
}
