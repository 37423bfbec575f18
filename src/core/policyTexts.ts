export const globRule = 'a glob of at most 256 characters and 20 wildcards';

/** Bounded, because a hostile glob could keep the matcher busy for ever. */
export function isGlob(text: string): boolean {
  return text.length > 0 && text.length <= 256 && (text.match(/[*+?@!([{]/g)?.length ?? 0) <= 20;
}

/** A cautious part of git's rules: what is refused here could be read as an option or a revision range. */
export function isBranchName(text: string): boolean {
  return /^[^-\s~^:?*[\\\p{Cc}][^\s~^:?*[\\\p{Cc}]*$/u.test(text) && !text.includes('..');
}
