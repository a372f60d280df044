import { defineConfig } from 'vitest/config';

// Tests stand beside what they test (src/) or under test/ where they span layers.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
