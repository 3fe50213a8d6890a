export { environmentView, plainEnvironment, whilePackageLoads } from "./environment.ts";
export { OutsideReaders, OutsideReads } from "./outside-reads.ts";
export { unrecorded } from "./recording.ts";
export { watchOutside } from "./install.ts";
