import { parentPort, workerData } from 'node:worker_threads';
import { checkProof } from '../core/checkProof.js';
import { checkPolicy } from '../core/policyFile.js';
import { proofStart } from '../core/proofStart.js';
import { catalogue } from '../core/questions/catalogue.js';
import { serveVolumes, volumeRole, type VolumePort } from '../ledger/volumeServer.js';
import { hooks } from '../trail/hooks.js';
import { initTrail, openTrail, siteOf } from '../trail/openTrail.js';
import { Server, troubleOf, type ServerPort } from './server.js';

/** Does what the host, or a pool of volume threads, started this thread for. */
export function serve(): void {
  const port: (ServerPort & VolumePort) | null = parentPort;
  if (port === null) return;
  if (workerData === volumeRole) return serveVolumes(port);
  // A promise that nobody waits for must not take all other calls with it.
  process.on('unhandledRejection', (error) => {
    port.postMessage({ kind: 'trouble', message: troubleOf(error) });
  });
  new Server(port, {
    siteOf,
    openTrail,
    initTrail,
    proofStart: (text) => Promise.resolve(proofStart(text)),
    checkProof: (input) => Promise.resolve(checkProof(input)),
    policyProblems: (text) => Promise.resolve(checkPolicy(text).problems),
    questions: () => Promise.resolve(catalogue),
    hooks,
  }).start();
}
