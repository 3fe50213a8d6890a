import { hash } from "node:crypto";

/** The digest by which two texts are compared: the one that processors have instructions for. */
export function contentDigest(content: Buffer | string): string {
  return hash("sha1", content, "base64");
}
