export * from "orbit-hmr/client";
