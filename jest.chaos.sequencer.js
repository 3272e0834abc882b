const { default: Sequencer } = require('@jest/test-sequencer');

/** Suites that take longest, longest first, by the beginning of their names. */
const LONGEST = ['replicas', 'kills', 'upstream-limits', 'upstream-transport', 'upstream-content'];

/** Two workers share the suites: one that begins last and takes longest would have the other wait for it. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONGEST.findIndex((name) => path.includes(`/${name}.`));
      return index < 0 ? LONGEST.length : index;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
