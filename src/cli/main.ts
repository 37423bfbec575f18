#!/usr/bin/env node
import { isMainThread } from 'node:worker_threads';
import { initTrail, openTrail, siteOf } from '../trail/openTrail.js';
import { serve } from '../worker/main.js';
import { processTerminal } from './processTerminal.js';
import { run } from './run.js';

async function main(): Promise<void> {
  const engine = { openTrail, siteOf, initTrail };
  // Not process.exit(): a pipe may still have to take what was written.
  process.exitCode = await run(process.argv.slice(2), processTerminal(), engine);
}

// One file for the program and the worker: the engine is most of either.
if (isMainThread) void main();
else serve();
