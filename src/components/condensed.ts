/** An expression, a selector or a value without the space that says nothing; within quotes it may say something. */
export function condensedCode(text: string): string {
  return /["']/.test(text) ? text.trim() : text.trim().replaceAll(/\s+/g, " ");
}
