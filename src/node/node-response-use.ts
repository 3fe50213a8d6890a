/** Members of Node's response, and those that Express and Next add to it. */
const MEMBERS =
  "appendHeader|cookie|end|flushHeaders|getHeader|headersSent|json|once|redirect|removeHeader|render|send|sendFile|" +
  "sendStatus|set|setHeader|status|statusCode|statusMessage|type|write|writeHead";

const NAME = /^[\w$]+$/;

/**
 * Whether a function answers with Node's response: its second parameter is a plain name, and a member of a response is
 * used on it. That is told by its text, since functions say no more of themselves. A web handler's second parameter has
 * only `params`, so none is taken for one that it is not.
 */
export function usesNodeResponse(handler: (...args: never) => unknown): boolean {
  const text = Function.prototype.toString.call(handler);
  const [, second = ""] = parametersOf(text.replaceAll(COMMENT, ""));
  if (!NAME.test(second)) return false;
  const name = second.replaceAll("$", String.raw`\$`);
  return new RegExp(String.raw`(?<![\w$.])${name}\s*(?:\?\.|\.)\s*(?:${MEMBERS})\b`).test(text);
}

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The texts of a function's parameters. */
function parametersOf(text: string): readonly string[] {
  const parameters: string[] = [];
  let depth = 0;
  let current = "";
  for (const character of text.slice(text.indexOf("(") + 1)) {
    if (depth === 0 && character === ")") break;
    if (depth === 0 && character === ",") {
      parameters.push(current.trim());
      current = "";
      continue;
    }
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    current += character;
  }
  return [...parameters, current.trim()];
}
