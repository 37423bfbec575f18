import { ownersOf, parseCodeowners, type Codeowners } from './codeowners.js';
import type { AskedHere } from './policyLintAsked.js';
import { askedRules } from './policyLintApprovals.js';
import type { LintContext, Place } from './policyLintContext.js';

/** What CODEOWNERS lacks for rules that count only its owners. */
export function lintOwners(context: LintContext): void {
  const asking = askedRules(context).filter(({ rule }) => rule.codeowners && rule.required > 0);
  if (asking.length === 0) return;
  const { codeowners } = context.input;
  if (codeowners === null) {
    for (const { what, path } of asking)
      context.add({
        code: 'lint.codeownersMissing',
        severity: 'error',
        at: context.place([...path, 'codeowners'], ['approvals', 'codeowners'], path),
        message: `${what} counts only owners by CODEOWNERS, and there is no such file: nothing can be approved`,
      });
    return;
  }
  const file = parseCodeowners(codeowners);
  const lines = new Lines(codeowners);
  for (const { line, message } of file.problems)
    context.add({
      code: 'lint.codeownersLine',
      severity: 'warning',
      file: 'codeowners',
      at: lines.place(line),
      message: `this line counts for nothing: ${message}`,
    });
  const inUse = ownersInUse(context, file);
  for (const { line, owners } of file.sections.flat())
    for (const owner of owners) {
      if (!inUse.has(owner) || context.people.owning(owner).length > 0) continue;
      const table = owner.includes('/') ? '"groups"' : '"handles" under "people"';
      context.add({
        code: 'lint.codeownersUnknown',
        severity: 'error',
        file: 'codeowners',
        at: lines.wordIn(line, owner),
        message: `the policy does not say who ${owner} is: name it in ${table}, or its approvals do not count`,
      });
    }
  for (const asked of asking) lintOwned(context, file, asked);
}

/** Prompts with fewer owners than approvals. */
function lintOwned(context: LintContext, file: Codeowners, { what, path, rule }: AskedHere): void {
  const ownersOfPrompt = (prompt: string): number => {
    const people = ownersOf(file, prompt).flatMap((owner) => context.people.owning(owner));
    return new Set(people.filter(({ isAgent }) => !isAgent).map(({ label }) => label)).size;
  };
  const counted = (context.input.prompts ?? []).map(
    (prompt) => [prompt, ownersOfPrompt(prompt)] as const,
  );
  const at = context.place([...path, 'codeowners'], ['approvals', 'codeowners'], path);
  const alone = counted.filter(([, count]) => count === 0).map(([prompt]) => prompt);
  if (alone.length > 0)
    context.add({
      code: 'lint.codeownersNobody',
      severity: 'error',
      at,
      message: `by CODEOWNERS nobody owns ${few(alone)}: nothing of ${alone.length === 1 ? 'it' : 'them'} can be approved`,
    });
  const short = counted.filter(([, count]) => count > 0 && count < rule.required);
  if (short.length > 0)
    context.add({
      code: 'lint.quorum',
      severity: 'error',
      about: 'owners',
      at,
      message: `${what} asks for ${rule.required} owners, and by CODEOWNERS there are fewer of ${few(short.map(([prompt]) => prompt))}: nothing of ${short.length === 1 ? 'it' : 'them'} can be approved`,
    });
}

function few(paths: readonly string[]): string {
  const more = paths.length > 3 ? `, and ${paths.length - 3} more` : '';
  return `${paths.slice(0, 3).join(', ')}${more}`;
}

/** The owners of the prompts; of all lines where the prompts are not known. */
function ownersInUse({ input }: LintContext, file: Codeowners): ReadonlySet<string> {
  if (input.prompts === null) return new Set(file.sections.flat().flatMap(({ owners }) => owners));
  return new Set(input.prompts.flatMap((path) => ownersOf(file, path)));
}

/** Places of lines by their number, from 1. */
class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    let next = 0;
    this.#starts = text.split('\n').map(({ length }) => {
      const start = next;
      next += length + 1;
      return start;
    });
  }

  place(line: number): Place {
    const offset = this.#starts[line - 1] ?? 0;
    const end = this.#starts[line] ?? this.#text.length + 1;
    return { offset, length: this.#text.slice(offset, end - 1).trimEnd().length };
  }

  wordIn(line: number, word: string): Place {
    const place = this.place(line);
    const lower = this.#text.slice(place.offset, place.offset + place.length).toLowerCase();
    const at = lower.lastIndexOf(word);
    return at < 0 ? place : { offset: place.offset + at, length: word.length };
  }
}
