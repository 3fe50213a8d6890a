import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores: real Vite servers and a browser in parallel files would only wait for each other.
    maxWorkers: 2,
    // Packages are what Node makes of them, here as in a server.
    deps: { interopDefault: false },
    projects: [
      { extends: true, test: { name: "all", include: ["test/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "in CommonJS",
          include: ["test/runtime/ownership/*.test.ts"],
          env: { ORBIT_TEST_FORMAT: "commonjs" },
        },
      },
    ],
  },
});
