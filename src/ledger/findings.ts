import type { EventId } from '../core/ids.js';
import type { Finding, Severity } from '../core/rows.js';

export interface FindingInput {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly severity?: Severity;
  readonly seq?: number | null;
  readonly event?: EventId | null;
  readonly expected?: string | null;
  readonly found?: string | null;
}

/** A finding with its empty members filled; an error unless told otherwise. */
export function finding(input: FindingInput): Finding {
  return {
    code: input.code,
    severity: input.severity ?? 'error',
    seq: input.seq ?? null,
    event: input.event ?? null,
    message: input.message,
    expected: input.expected ?? null,
    found: input.found ?? null,
    remedy: input.remedy,
  };
}

/** Findings, of which those of one kind are left out where they only fill the memory. */
export class FindingList {
  readonly all: Finding[] = [];
  readonly #counts = new Map<string, number>();
  readonly #most: number;

  /** `most`: of one code; one more says that there are others. */
  constructor(most = 10_000) {
    this.#most = most;
  }

  add(found: Finding): void {
    const { code, severity, remedy } = found;
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= this.#most) this.all.push(found);
    if (count !== this.#most + 1) return;
    const message = `There are more than ${this.#most} findings of this kind; the others are left out.`;
    this.all.push(finding({ code, severity, message, remedy }));
  }
}

/** What to do about broken files while this clone knows elsewhere what they held. */
export const restoreRemedy =
  'Run "prompt-audit sync": it puts the file right from what this clone holds besides, and keeps the broken one. If that does not help, put back ledger.sqlite from another clone or a backup.';

/** What to do about them where it does not. */
const lostRemedy =
  'Nothing else here holds what is lost. Put back ledger.sqlite, and the folder volumes where there is one, from another clone or a backup.';

/** A finding with what can be done about it. `isLost`: the files cannot be restored from what this clone holds. */
export const withRemedy = <F extends Pick<Finding, 'remedy'>>(found: F, isLost: boolean): F =>
  isLost ? { ...found, remedy: found.remedy.replace(restoreRemedy, lostRemedy) } : found;

export const hasError = (findings: readonly Finding[]): boolean =>
  findings.some((f) => f.severity === 'error');

/** The error finding of the lowest sequence number, else the first error, else undefined. */
export function firstError(findings: readonly Finding[]): Finding | undefined {
  const errors = findings.filter((f) => f.severity === 'error');
  return errors.reduce<Finding | undefined>(
    (best, f) => (best === undefined || (f.seq ?? Infinity) < (best.seq ?? Infinity) ? f : best),
    undefined,
  );
}

/** Whether a file is byte for byte what a writer of this format makes; forks and roots are no fault of the file. */
export const isPristine = (findings: readonly Finding[]): boolean =>
  !findings.some((f) => f.severity === 'error' || f.code === 'file.differs');

/** Findings about the history itself, which a new file does not heal. */
export const isAboutHistory = ({ code }: Finding): boolean =>
  code === 'root.extra' || code === 'writer.fork' || code === 'ref.behind';
