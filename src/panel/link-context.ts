import { createContext } from "preact";
import type { Context } from "preact";
import { useContext } from "preact/hooks";
import type { PanelLink } from "./panel-link.ts";

export const LinkContext: Context<PanelLink | undefined> = createContext<PanelLink | undefined>(undefined);

/** What the panel asks of the server. */
export function useLink(): PanelLink {
  const link = useContext(LinkContext);
  if (link === undefined) throw new Error("It is no part of a panel.");
  return link;
}
