const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** A text where HTML has one, or in an attribute with its quotes around it. */
export function htmlText(text: string): string {
  return text.replaceAll(/[&"<>]/g, (sign) => ESCAPES[sign] ?? sign);
}

/** A script of which the attributes say everything. */
export function scriptTag(attributes: Readonly<Record<string, string>>): string {
  const texts = Object.entries(attributes).map(([name, value]) => `${name}="${htmlText(value)}"`);
  return `<script ${texts.join(" ")}></script>`;
}
