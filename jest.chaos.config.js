const { projects, ...shared } = require('./jest.config.js');
const services = projects.find((project) => project.displayName === 'services');

/** Faults: `npm run test:chaos`. Kept apart from `npm test`, which stays the suite for every change. */
module.exports = {
  // A connection that a failed case left open must not hold the run.
  forceExit: true,
  ...shared,
  testTimeout: 600_000,
  // Ten processes and two hundred kills leave no time to others.
  ...(process.env.CHAOS_FULL === '1' ? { maxWorkers: 1 } : {}),
  testSequencer: '<rootDir>/jest.chaos.sequencer.js',
  projects: [
    {
      ...services,
      displayName: 'chaos',
      testMatch: ['<rootDir>/test/chaos/**/*.chaos-spec.ts'],
      globalSetup: '<rootDir>/test/chaos/rig/global-setup.ts',
      globalTeardown: '<rootDir>/test/chaos/rig/global-teardown.ts',
    },
  ],
};
