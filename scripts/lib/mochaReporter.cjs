'use strict';
// Shows what mocha's own reporter shows, and keeps the true counts in the file that
// PROMPT_AUDIT_RESULTS names. CommonJS, because mocha loads it by path, also in VS Code.
const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } =
  Mocha.Runner.constants;

class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.tests = [];
    const note = (outcome) => (test, error) => {
      this.tests.push({
        title: test.fullTitle(),
        outcome,
        milliseconds: test.duration ?? 0,
        ...(error ? { error: String(error.stack ?? error) } : {}),
      });
      // After each test, so that what was run is known of a suite that dies on the way, too.
      this.write(false);
    };
    runner.on(EVENT_TEST_PASS, note('passed'));
    runner.on(EVENT_TEST_FAIL, note('failed'));
    runner.on(EVENT_TEST_PENDING, note('skipped'));
    runner.once(EVENT_RUN_END, () => this.write(true));
  }

  write(ended) {
    const file = process.env['PROMPT_AUDIT_RESULTS'];
    if (!file) return;
    const count = (outcome) => this.tests.filter((test) => test.outcome === outcome).length;
    const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ ended, ...counts, tests: this.tests }, null, 2));
  }
}

module.exports = CountingReporter;
