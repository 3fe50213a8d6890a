import type { JSX } from "preact";
import type { PanelError } from "../../protocol/panel.ts";
import { placeText, timeOf } from "../words.ts";
import { Empty, Section } from "./parts.tsx";

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
  const { message, frame, routes, chain, at } = error;
  const place = placeText(error);
  return (
    <li class="error">
      <p class="error-head">
        <code class="place">{place === "" ? "no file of the project" : place}</code>
        <time class="number muted" dateTime={new Date(at).toISOString()}>
          {timeOf(at)}
        </time>
      </p>
      <p class="message">{message}</p>
      {frame === undefined ? null : (
        <pre tabIndex={0} aria-label={`The code at ${place}`}>
          {frame}
        </pre>
      )}
      {chain === undefined || chain.length < 2 ? null : (
        <p class="chain">
          {chain.map((file, step) => (
            <span key={file}>
              {step > 0 ? <span class="muted"> → </span> : null}
              <code>{file}</code>
            </span>
          ))}
        </p>
      )}
      {routes.length === 0 ? null : (
        <p class="muted">
          Answers with it: {routes.slice(0, 10).join(", ")}
          {routes.length > 10 ? ` and ${routes.length - 10} more` : ""}
        </p>
      )}
    </li>
  );
}
