export { rustDependents } from "./rust-dependents.ts";
export type { RustDependents } from "./rust-dependents.ts";
export { rustGraph, rustGraphOf } from "./rust-graph.ts";
export type { RustEdge, RustEdgeKind, RustGraph } from "./rust-graph.ts";
export type { RustDependency, RustPackage, RustTarget, RustTexts } from "./rust-package.ts";
export type { RustText } from "./rust-text.ts";
export { scanRust } from "./scan-rust.ts";
