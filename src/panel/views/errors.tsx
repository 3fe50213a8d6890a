import type { JSX } from "preact";
import type { FilePlace } from "../../protocol/page-wire.ts";
import type { PanelError } from "../../protocol/panel.ts";
import { useLink } from "../link-context.ts";
import { placeText, timeOf } from "../words.ts";
import { Badge, Empty, Section } from "./parts.tsx";

/** What is broken, and what has escaped from running code. */
export function ErrorsView({ errors }: { readonly errors: readonly PanelError[] }): JSX.Element {
  return (
    <Section title="Errors" count={errors.length}>
      {errors.length === 0 ? <Empty>Nothing is broken.</Empty> : null}
      <ErrorList errors={errors} />
    </Section>
  );
}

export function ErrorList({ errors }: { readonly errors: readonly PanelError[] }): JSX.Element {
  return (
    <ul class="rows">
      {errors.map((error) => (
        <ErrorItem key={`${error.at} ${error.file} ${error.message}`} error={error} />
      ))}
    </ul>
  );
}

function ErrorItem({ error }: { readonly error: PanelError }): JSX.Element {
  const { message, file, line, column, frame, routes, chain, url, isEscaped } = error;
  const place = placeText(error);
  return (
    <li class="error">
      <p class="error-head">
        <code class="place">{place === "" ? "no file of the project" : place}</code>
        {isEscaped === true ? <Badge tone="warn">while it ran</Badge> : null}
        <When at={error.at} />
        {file === "" ? null : <OpenButton place={{ file, line, column }} />}
      </p>
      <p class="message">{message}</p>
      {frame === undefined ? null : (
        <pre tabIndex={0} aria-label={`The code at ${place}`}>
          {frame}
        </pre>
      )}
      {chain === undefined || chain.length < 2 ? null : (
        <p class="chain">
          {chain.map((each, step) => (
            <span key={each}>
              {step > 0 ? <span class="muted"> → </span> : null}
              <code>{each}</code>
            </span>
          ))}
        </p>
      )}
      {url === undefined ? null : (
        <p class="muted">
          In the page <code>{url}</code>
        </p>
      )}
      {routes.length === 0 ? null : (
        <p class="muted">
          {isEscaped === true ? "Of" : "Answers with it:"} {routes.slice(0, 10).join(", ")}
          {routes.length > 10 ? ` and ${routes.length - 10} more` : ""}
        </p>
      )}
    </li>
  );
}

function When({ at }: { readonly at: number }): JSX.Element | null {
  if (at === 0) return null;
  return (
    <time class="number muted" dateTime={new Date(at).toISOString()}>
      {timeOf(at)}
    </time>
  );
}

function OpenButton({ place }: { readonly place: FilePlace }): JSX.Element {
  const link = useLink();
  return (
    <button type="button" onClick={() => link.openPlace(place)}>
      Open in editor
    </button>
  );
}
