export { environmentView, plainEnvironment, whilePackageLoads } from "./environment.ts";
export { OutsideReaders, ExternalInputs } from "./outside-reads.ts";
export { unrecorded } from "./recording.ts";
export { watchOutside } from "./install.ts";
