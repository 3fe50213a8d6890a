import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores: real Vite servers and a browser in parallel files would only wait for each other.
    maxWorkers: 2,
    // Packages are what Node makes of them, here as in a server.
    deps: { interopDefault: false },
  },
});
