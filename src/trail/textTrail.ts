import { blame } from './blame.js';
import type { BlameInput, Blamed } from './blameApi.js';
import { compare } from './compare.js';
import type { Compared, CompareInput } from './compareApi.js';
import type { TrailContext } from './context.js';
import { identify } from './identify.js';
import type { Identified, IdentifyInput } from './identifyApi.js';
import type { TextQueries } from './textQueries.js';

/** What a trail answers about texts. */
export class TextTrail implements TextQueries {
  readonly #context: TrailContext;

  constructor(context: TrailContext) {
    this.#context = context;
  }

  identify(input: IdentifyInput): Promise<Identified> {
    return identify(this.#context, input);
  }

  compare(input: CompareInput): Promise<Compared> {
    return compare(this.#context, input);
  }

  blame(input: BlameInput): Promise<Blamed> {
    return blame(this.#context, input);
  }
}
