import type { BlameInput, Blamed } from './blameApi.js';
import type { Compared, CompareInput } from './compareApi.js';
import type { Identified, IdentifyInput } from './identifyApi.js';

/** What a trail answers about texts: where one comes from, and how it became what it is. */
export interface TextQueries {
  /** Which prompt and version a text is, and where and when it was active. Throws `prompt.tooLarge`, `usage`. */
  identify(input: IdentifyInput): Promise<Identified>;
  /** Throws `version.ambiguous` where more than one version was active at a time. Texts that are gone do not throw. */
  compare(input: CompareInput): Promise<Compared>;
  /** Which version brought each line in. Throws `content.missing`, `content.redacted` of the version asked about. */
  blame(input: BlameInput): Promise<Blamed>;
}
