// Tests stand beside what they test (src/) or under test/ where they span layers.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,bench,scripts,test}/**/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/support/count-reporter.ts'],
    // Goldens are written on request only (npm run test:update); a missing one is a failure.
    update: 'none',
  },
});
