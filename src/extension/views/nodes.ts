import type { BreakGlassRow } from '../../core/deploymentRows.js';
import type { ActiveRow, PromptRow, ReviewRow, VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';

export type ReviewGroup = 'mine' | 'others' | 'changes';

/** Everything that the three trees show. */
export type TrailNode =
  | { readonly kind: 'root'; readonly session: TrailSession }
  | { readonly kind: 'sync'; readonly session: TrailSession }
  | { readonly kind: 'recorder'; readonly session: TrailSession }
  | {
      readonly kind: 'reviewGroup';
      readonly session: TrailSession;
      readonly group: ReviewGroup;
      readonly rows: readonly ReviewRow[];
    }
  | {
      readonly kind: 'review';
      readonly session: TrailSession;
      readonly group: ReviewGroup;
      readonly row: ReviewRow;
    }
  | {
      readonly kind: 'prompt';
      readonly session: TrailSession;
      readonly row: PromptRow;
      readonly label: string;
    }
  | {
      readonly kind: 'version';
      readonly session: TrailSession;
      readonly version: VersionRow;
      /** The version before it, for the comparison on click. */
      readonly previous: VersionRow | null;
    }
  | {
      readonly kind: 'olderVersions';
      readonly session: TrailSession;
      readonly path: string;
      readonly count: number;
    }
  | {
      readonly kind: 'environment';
      readonly session: TrailSession;
      readonly env: string;
      readonly rows: readonly ActiveRow[];
    }
  | { readonly kind: 'active'; readonly session: TrailSession; readonly row: ActiveRow }
  | {
      readonly kind: 'breakGlassGroup';
      readonly session: TrailSession;
      readonly rows: readonly BreakGlassRow[];
    }
  | { readonly kind: 'breakGlass'; readonly session: TrailSession; readonly row: BreakGlassRow };

export type NodeOf<K extends TrailNode['kind']> = Extract<TrailNode, { kind: K }>;

/** Whether a command's argument is a node of our trees: menus pass nodes, the palette nothing. */
export function isTrailNode(value: unknown): value is TrailNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'session' in value;
}
