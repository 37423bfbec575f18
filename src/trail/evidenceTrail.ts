import type { TrailContext } from './context.js';
import type { EvidenceMakers, EvidenceWritten, ExportInput, ReportInput } from './exportApi.js';
import { exportEvidence } from './exportEvidence.js';
import { report } from './report.js';
import { DeploymentTrail } from './deploymentTrail.js';

/** What is handed out. */
export abstract class EvidenceTrail extends DeploymentTrail implements EvidenceMakers {
  readonly #context: TrailContext;

  constructor(context: TrailContext) {
    super(context);
    this.#context = context;
  }

  exportEvidence(input: ExportInput): Promise<EvidenceWritten> {
    return this.synced(() => exportEvidence(this.#context, input));
  }

  report(input: ReportInput): Promise<EvidenceWritten> {
    return this.synced(() => report(this.#context, input));
  }
}
