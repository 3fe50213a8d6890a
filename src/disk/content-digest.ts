// A Node without it loads this all the same, and says what it lacks.
import crypto from "node:crypto";

/** The digest by which two texts are compared: the one that processors have instructions for. */
export function contentDigest(content: Buffer | string): string {
  return crypto.hash("sha1", content, "base64");
}
