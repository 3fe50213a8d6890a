/** What installs a toolchain of Rust: it is named where one is missing, and run where somebody wants that. */
export function installCommand(toolchain: string): readonly string[] {
  return ["rustup", "toolchain", "install", toolchain];
}
