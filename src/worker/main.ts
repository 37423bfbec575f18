import { parentPort } from 'node:worker_threads';
import { initTrail, openTrail, siteOf } from '../trail/openTrail.js';
import { Server, troubleOf, type ServerPort } from './server.js';

const port: ServerPort | null = parentPort;
if (port !== null) {
  // A promise that nobody waits for must not take all other calls with it.
  process.on('unhandledRejection', (error) => {
    port.postMessage({ kind: 'trouble', message: troubleOf(error) });
  });
  new Server(port, { siteOf, openTrail, initTrail }).start();
}
