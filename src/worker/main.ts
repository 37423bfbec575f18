import { parentPort, workerData } from 'node:worker_threads';
import { serveVolumes, volumeRole, type VolumePort } from '../ledger/volumeServer.js';
import { initTrail, openTrail, siteOf } from '../trail/openTrail.js';
import { Server, troubleOf, type ServerPort } from './server.js';

const port: (ServerPort & VolumePort) | null = parentPort;
if (port !== null && workerData === volumeRole) serveVolumes(port);
else if (port !== null) {
  // A promise that nobody waits for must not take all other calls with it.
  process.on('unhandledRejection', (error) => {
    port.postMessage({ kind: 'trouble', message: troubleOf(error) });
  });
  new Server(port, { siteOf, openTrail, initTrail }).start();
}
