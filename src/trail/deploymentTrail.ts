import { activeRow, spanOf } from '../core/activeRows.js';
import type { BreakGlassRow, RetiredRow } from '../core/deploymentRows.js';
import type { ActiveRow } from '../core/rows.js';
import { breakGlassReviews } from './breakGlassReviews.js';
import { clockDoubts } from './clockDoubts.js';
import type { ClockDoubtsInput, ClockQueries } from './clockDoubtsApi.js';
import type { TrailContext } from './context.js';
import { deploy } from './deploy.js';
import type {
  BreakGlassQuery,
  DeployInput,
  Deployments,
  Manifest,
  ManifestInput,
  RetireInput,
  ReviewDeploymentInput,
  RollbackInput,
  UndeployInput,
} from './deployApi.js';
import { manifest } from './manifest.js';
import { retire } from './retire.js';
import { reviewDeployment } from './reviewDeployment.js';
import { ReviewTrail } from './reviewTrail.js';
import { rollback } from './rollback.js';
import { undeploy } from './undeploy.js';

/** What becomes of approved versions. */
export abstract class DeploymentTrail extends ReviewTrail implements Deployments, ClockQueries {
  readonly #context: TrailContext;

  constructor(context: TrailContext) {
    super(context);
    this.#context = context;
  }

  deploy(input: DeployInput): Promise<ActiveRow> {
    return this.synced(() => deploy(this.#context, input), this.#relabelled);
  }

  rollback(input: RollbackInput): Promise<ActiveRow> {
    return this.synced(() => rollback(this.#context, input), this.#relabelled);
  }

  undeploy(input: UndeployInput): Promise<ActiveRow> {
    return this.synced(() => undeploy(this.#context, input), this.#relabelled);
  }

  retire(input: RetireInput): Promise<RetiredRow> {
    return this.synced(() => retire(this.#context, input));
  }

  reviewDeployment(input: ReviewDeploymentInput): Promise<BreakGlassRow> {
    return this.synced(() => reviewDeployment(this.#context, input));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws must become a rejection
  async breakGlassReviews(query: BreakGlassQuery = {}): Promise<readonly BreakGlassRow[]> {
    return breakGlassReviews(this.#context, query);
  }

  manifest(input: ManifestInput): Promise<Manifest> {
    return manifest(this.#context, input);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws must become a rejection
  async clockDoubts(input: ClockDoubtsInput): Promise<readonly string[]> {
    return clockDoubts(this.#context, input);
  }

  /** Numbers of versions and of events may be final only now. */
  readonly #relabelled = (row: ActiveRow): ActiveRow => {
    const { state, finalSize } = this.#context;
    const span = spanOf(state, row.deployment);
    return span === undefined ? row : activeRow(state, finalSize, span);
  };
}
