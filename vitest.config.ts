// Which tests there are: `npm test` runs unit, postgres and e2e; `npm run test:recorded` runs recorded,
// `npm run test:chaos` runs chaos.

import { configDefaults, defineConfig } from "vitest/config";

/** Workspaces import each other's sources, as Node does with --conditions. The others are Vite's defaults. */
const SOURCE = "headworks-source";
const conditions = [SOURCE, "module", "node", "development|production"];

const postgres = ["headworks/src/testing/global-postgres.ts"];
const suffixed = ["**/*.pg.test.ts", "**/*.e2e.test.ts", "**/*.recorded.test.ts", "**/*.chaos.test.ts"];

const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [SOURCE] } },
};
const common = { execArgv: [`--conditions=${SOURCE}`] };

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          ...common,
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...suffixed],
          // Property tests try many cases; on a busy machine the default of five seconds is too short for some.
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          ...common,
          name: "postgres",
          include: ["**/*.pg.test.ts"],
          globalSetup: postgres,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          ...common,
          name: "e2e",
          include: ["**/*.e2e.test.ts"],
          globalSetup: postgres,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          ...common,
          name: "recorded",
          include: ["**/*.recorded.test.ts"],
          globalSetup: postgres,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          ...common,
          name: "chaos",
          include: ["**/*.chaos.test.ts"],
          // Each brings its own server, and wants the machine for itself.
          fileParallelism: false,
          testTimeout: 240_000,
        },
      },
    ],
  },
});
