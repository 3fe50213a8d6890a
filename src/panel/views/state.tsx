import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CacheStatus, StateStatus } from "../../protocol/status.ts";
import { counted } from "../words.ts";
import { Badge, Empty, Section } from "./parts.tsx";
import { StateValue } from "./state-value.tsx";

/** Explicit state by name; the values of what is opened. */
export function StateListView({
  state,
  cache,
}: {
  readonly state: readonly StateStatus[];
  readonly cache: readonly CacheStatus[];
}): JSX.Element {
  const limits = state.filter(({ kind }) => kind === "rate-limit");
  const others = state.filter(({ kind }) => kind !== "rate-limit");
  return (
    <>
      <Section title="State" count={others.length}>
        {others.length === 0 ? (
          <Empty>What createStatefulHandler, createStore and createSingleton keep is shown here.</Empty>
        ) : null}
        <ul class="rows states">
          {others.map(({ id, kind, kept }) => (
            <Item key={`${kind} ${id}`} kind={kind} id={id} fact={kept ? "" : "begins anew with its code"} />
          ))}
        </ul>
      </Section>
      <Section title="Caches" count={cache.length}>
        {cache.length === 0 ? <Empty>What createCache keeps is shown here.</Empty> : null}
        <ul class="rows states">
          {cache.map(({ key, size, hits, misses }) => (
            <Item
              key={key}
              kind="cache"
              id={key}
              fact={`${counted(size, "value")}, ${counted(hits, "hit")}, ${counted(misses, "miss", "misses")}`}
            />
          ))}
        </ul>
      </Section>
      <Section title="Rate limits" count={limits.length}>
        {limits.length === 0 ? <Empty>What createRateLimit counts is shown here.</Empty> : null}
        <ul class="rows states">
          {limits.map(({ id, kind }) => (
            <Item key={id} kind={kind} id={id} fact="" />
          ))}
        </ul>
      </Section>
    </>
  );
}

function Item({
  kind,
  id,
  fact,
}: {
  readonly kind: string;
  readonly id: string;
  readonly fact: string;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary class="row">
          <Badge tone="accent">{kind}</Badge>
          <span class="path">{id}</span>
          <span class="end muted number">{fact}</span>
        </summary>
        {isOpen ? <StateValue kind={kind} id={id} /> : null}
      </details>
    </li>
  );
}
