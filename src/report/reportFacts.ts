import type { Explanation } from '../core/explainRows.js';
import type { ActiveRow, VerifyReport, VersionRow } from '../core/rows.js';
import type { VersionRecord } from '../core/state.js';
import type { TextDiff } from '../core/textDiff.js';
import type { DeploymentFact } from './deploymentFact.js';
import type { Answered } from './exceptions.js';
import type { LedgerTotals } from './ledgerTotals.js';
import type { Selection } from './selection.js';
import type { EvidenceView } from './view.js';

/** Who made the evidence, of what, and how: what an auditor asks about information that an entity produced. */
export interface Method {
  /** Name and version of the program. */
  readonly tool: string;
  /** As people could repeat it. */
  readonly command: string;
  /** The scope in words. */
  readonly scope: string;
  /** Name of the folder of the repository. */
  readonly repository: string;
  /** The checkpoint as a text (C2SP), or null where the events are not the first ones of the agreed order. */
  readonly checkpoint: string | null;
  readonly caveats: readonly string[];
}

/** What a version changed. */
export interface VersionChange {
  readonly version: VersionRecord;
  readonly row: VersionRow;
  /** What it is compared with; null: nothing, it is the first one. */
  readonly before: VersionRecord | null;
  /** Null where a text is not here. */
  readonly diff: TextDiff | null;
  /** Why there is no diff. */
  readonly missing: string | null;
}

/** What was live at one moment. */
export interface Baseline {
  /** `at the start of the period`, for a title. */
  readonly when: string;
  readonly rows: readonly ActiveRow[];
}

/** All that a report is made from. */
export interface ReportFacts {
  readonly view: EvidenceView;
  readonly method: Method;
  readonly selection: Selection;
  readonly totals: LedgerTotals;
  readonly deployments: readonly DeploymentFact[];
  readonly baselines: readonly Baseline[];
  /** All in the scope, in the agreed order. */
  readonly versions: readonly VersionRow[];
  /** What the newest of them changed; of many the others are left out. */
  readonly changes: readonly VersionChange[];
  readonly exceptions: readonly Answered[];
  /** Of the one deployment that a report is about. */
  readonly explanation: Explanation | null;
  readonly verified: VerifyReport;
}
