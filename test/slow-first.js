const { default: Sequencer } = require("@jest/test-sequencer");

/** Suites that take longest, longest first: a slow one that comes last keeps one worker at work while the others wait. */
const SLOW = [
  /\/official\/changes/,
  /\/official\/recover/,
  /\/apps\/apps/,
  /\/examples\//,
  /\/local\/recovery/,
  /\/snapshot\//,
  /\/local\/deploy/,
  /\/attacks\//,
  /\/ops\/commands/,
  /\/review\//,
  /\/adopt/,
  /\/local\//,
  /\/stacks\/stacks/,
  /\/host\//,
  /\/check-prisma\//,
  /\/tls\//,
  /\/ops\//,
];

/** Slow suites by the list, then the others by size, so that one order is every machine's and needs no earlier run. */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const size = ({ context, path }) => context.hasteFS.getSize(path) ?? 0;
    const place = ({ path }) => {
      const index = SLOW.findIndex((pattern) => pattern.test(path));
      return index < 0 ? SLOW.length : index;
    };
    return [...tests].sort((a, b) => place(a) - place(b) || size(b) - size(a));
  }
};
