import { isWithin } from "./element-path.ts";
import type { FieldHistory } from "./field-history.ts";

/** On an element: nothing of it, or in it, is kept over a reload. */
const OPT_OUT = "[data-orbit-no-keep]";
/** Parts of a name that say of what is in a field that it is nobody else's business. */
const SECRET_PARTS =
  /token|secret|csrf|xsrf|passw|passphrase|passcode|credential|apikey|privatekey|cardnum|cardno|ccnum|creditcard|securitycode|socialsecurity/;
/** Whole words of a name: as parts they are in `shipping` and `className`. */
const SECRET_WORDS = /^(?:pin|otp|totp|tan|mfa|cvc|cvv|csc|ssn|pwd|pass|cc|iban)$/;

/** Whether the page lets something of this element be stored. */
export function mayKeepPlace(element: Element): boolean {
  return !isWithin(element, OPT_OUT);
}

/** Whether what is in a field may be stored. */
export function mayKeep(field: HTMLElement, history: FieldHistory): boolean {
  return !history.wasPassword(field) && !isSecretField(field) && mayKeepPlace(field);
}

/** Whether what is in a field is never to be stored, by what it is and how it is called. */
function isSecretField(field: HTMLElement): boolean {
  const type = field.getAttribute("type")?.toLowerCase() ?? "";
  if (["password", "file", "hidden"].includes(type)) return true;
  // Of browsers that have it: text that is shown as dots.
  const masked = getComputedStyle(field).getPropertyValue("-webkit-text-security");
  if (masked !== "" && masked !== "none") return true;
  return namesOf(field).some(isSecretName);
}

/** Whether a name, a label or a value of `autocomplete` speaks of a secret. */
function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase()
    .split(/[^a-z]+/);
  // `autocomplete` has `one-time-code`, `cc-number` and `new-password`.
  return (
    SECRET_PARTS.test(words.join("")) ||
    words.some((word) => SECRET_WORDS.test(word)) ||
    words.join(" ").includes("one time code")
  );
}

function namesOf(field: HTMLElement): readonly string[] {
  const attributes = ["name", "id", "autocomplete", "placeholder", "aria-label"];
  const labels = "labels" in field && field.labels instanceof NodeList ? [...field.labels] : [];
  return [
    ...attributes.map((name) => field.getAttribute(name) ?? ""),
    ...labels.map((label) => label.textContent ?? ""),
  ];
}
