#!/usr/bin/env node
import { initTrail, openTrail, siteOf } from '../trail/openTrail.js';
import { processTerminal } from './processTerminal.js';
import { run } from './run.js';

void run(process.argv.slice(2), processTerminal(), { openTrail, siteOf, initTrail }).then(
  (status) => {
    // Not process.exit(): a pipe may still have to take what was written.
    process.exitCode = status;
  },
);
