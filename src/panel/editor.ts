import { createContext } from "preact";
import type { Context } from "preact";
import { useContext } from "preact/hooks";
import type { FilePlace } from "../protocol/page-wire.ts";

/** Opens a place of the project in the editor of the computer that the server runs on. */
export type OpenPlace = (place: FilePlace) => void;

export const EditorContext: Context<OpenPlace> = createContext<OpenPlace>(() => undefined);

/** How to open a place. */
export function useEditor(): OpenPlace {
  return useContext(EditorContext);
}
