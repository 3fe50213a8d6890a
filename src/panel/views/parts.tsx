import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { Some } from "../../protocol/panel.ts";

/** How something is: its word says so, the colour repeats it. */
export type Tone = "good" | "bad" | "warn" | "quiet" | "accent";

/** A word in a frame. */
export function Badge({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ComponentChildren;
}): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** What is said where there is nothing to show. */
export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

/** A part of the page with its heading, what it counts, and what belongs beside it. */
export function Section({
  title,
  count,
  aside,
  children,
}: {
  readonly title: string;
  readonly count?: number;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <header class="bar">
        <h2>
          <span id={id}>{title}</span>
          {count === undefined ? null : <span class="count">{count.toLocaleString()}</span>}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** Names in one line, and how many more there were. */
export function Names({ names }: { readonly names: Some<string> }): JSX.Element {
  return (
    <span class="names">
      {names.shown.map((name) => (
        <code key={name}>{name}</code>
      ))}
      {names.more > 0 ? <span class="muted">and {names.more.toLocaleString()} more</span> : null}
    </span>
  );
}

/** A term and what there is to say of it; nothing where that is nothing. */
export function Fact({
  term,
  isThere = true,
  children,
}: {
  readonly term: string;
  readonly isThere?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  if (!isThere) return null;
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A field that narrows a list down. */
export function Filter({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): JSX.Element {
  return (
    <input
      class="filter"
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      autocomplete="off"
      spellcheck={false}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
