import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from '../../trail/api.js';

/** The functions through which the extension reaches the engine. */
export interface TrailApi {
  siteOf(folder: string): Promise<TrailSite>;
  openTrail(options: TrailOptions): Promise<Trail>;
  initTrail(options: TrailOptions, input: InitInput): Promise<InitResult>;
}

/** Loads the engine on first use: activation must not pay for it. */
export async function loadTrailApi(): Promise<TrailApi> {
  return import('../../trail/openTrail.js');
}
