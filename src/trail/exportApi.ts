import type { Digest, EventId } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';
import type { Watch } from '../core/watch.js';

/** What evidence is about; all conditions hold together, none: the whole ledger. */
export interface EvidenceScope {
  readonly env?: string;
  /** Of one prompt: absolute, or from the root; a former path also names it. */
  readonly path?: string;
  /** ISO 8601 UTC; from is in it, to is not. By the recorders' clocks, which are claims. */
  readonly from?: string;
  readonly to?: string;
  /**
   * Only what was recorded then: ISO 8601 UTC (by the recorders' clocks, and nothing whose parents came later), or the
   * number of events of a checkpoint. Default: everything.
   */
  readonly asKnownAt?: string | number;
}

/** Where evidence goes, and what of the call stands in it. */
export interface EvidenceTarget {
  /** Absolute path: the folder of an export, the file of a report. */
  readonly out: string;
  /** Replaces an export, or a report, that this program wrote there before; nothing else is ever replaced. */
  readonly force?: boolean;
  /** The call as people could repeat it; printed in the evidence. Default: the scope in words. */
  readonly command?: string;
  /** ISO 8601 UTC. Default: now. Everything else being equal, the same moment makes the same bytes. */
  readonly generatedAt?: string;
  /** Told `export`; what it ends leaves neither files nor an event. */
  readonly watch?: Watch;
}

export interface ExportInput extends EvidenceScope, EvidenceTarget {}

export interface ReportInput extends EvidenceScope, EvidenceTarget {
  /** About one deployment: the id of its event, or its first hex digits. Takes no scope but `asKnownAt`. */
  readonly deployment?: string;
}

/** What was handed out. */
export interface EvidenceWritten {
  /** Absolute. */
  readonly out: string;
  /** The scope in English words: `Prompt prompts/a.md in production, from … to …`. */
  readonly scope: string;
  readonly files: number;
  readonly bytes: number;
  /** Of all tables together; with the events of an export. */
  readonly rows: number;
  /** SHA-256 of SHA256SUMS, or of the report: it stands in the `trail.exported` event. */
  readonly sums: Digest;
  readonly event: EventId;
  /** What the evidence stands on: the ledger before that event. */
  readonly ledger: LedgerPoint;
  /** Events of it that no remote has yet, so that their order may still change. */
  readonly unsynced: number;
  readonly generatedAt: string;
  /** Rows a table: `deployments`, `exceptions.self-approval`, … */
  readonly counts: Readonly<Record<string, number>>;
  /** Number of exceptions in it. */
  readonly exceptions: number;
  readonly caveats: readonly string[];
}

/** What a trail hands out as evidence. Both record `trail.exported`. */
export interface EvidenceMakers {
  /**
   * Writes a folder of tables, events, texts, policies and sums. Throws `file.exists`, `prompt.unknown`,
   * `environment.unknown`, `ledger.damaged`, `disk.*`, `cancelled`, `usage`.
   */
  exportEvidence(input: ExportInput): Promise<EvidenceWritten>;
  /** Writes one HTML file. Throws as `exportEvidence`, and `event.unknown`. */
  report(input: ReportInput): Promise<EvidenceWritten>;
}
