export * from "orbit-hmr/state";
