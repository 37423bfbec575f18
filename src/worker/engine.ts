import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from '../trail/api.js';

/** What stands behind the worker: src/trail/openTrail.ts. */
export interface Engine {
  siteOf(folder: string): Promise<TrailSite>;
  openTrail(options: TrailOptions): Promise<Trail>;
  initTrail(options: TrailOptions, input: InitInput): Promise<InitResult>;
}

/** Options that can be sent to a worker: it finds its wasm by itself. */
export type RemoteOptions = Omit<TrailOptions, 'wasm'>;
