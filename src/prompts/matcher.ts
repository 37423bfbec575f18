import picomatch from 'picomatch';
import type { Policy } from '../core/policy.js';

/** Tells whether a path relative to the root, with `/` between its parts, is a prompt. */
export type PromptMatcher = (path: string) => boolean;

/** The policy's include globs without its exclude globs. Files and folders with a leading dot count. */
export function promptMatcher(policy: Policy): PromptMatcher {
  const options = { dot: true };
  const included = picomatch([...policy.prompts.include], options);
  const excluded = picomatch([...policy.prompts.exclude], options);
  return (path) => included(path) && !excluded(path);
}
