/** Whether a file, or the line of a stack, is of a package: nobody edits it, unless packages are tracked. */
export function isOfPackage(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}
