import type { GateFile } from '../core/gate.js';
import type { GateReasonCode } from '../core/gateReasons.js';
import { plainGateRow, type GateChange, type GateRow } from '../core/gateRows.js';
import type { Policy } from '../core/policy.js';
import { checkPolicy } from '../core/policyFile.js';
import { blobDigests } from '../git/blobDigests.js';
import type { GatePlace } from '../git/gatePlace.js';
import { fetchCommits } from '../git/gateRefs.js';
import { changesBetween, smallFile, treeOf, type TreeFile } from '../git/gateTree.js';
import { isPartialClone } from '../git/partialClone.js';
import { promptMatcher, type PromptMatcher } from '../prompts/matcher.js';
import type { BranchPolicy } from './gatePolicy.js';
import type { GateAccess } from './gateFinders.js';
import { collisions, links } from './gateTraps.js';
import { policyPaths } from './policySource.js';
import { policyPath } from './protectedBranch.js';
import { maxPromptBytes } from './site.js';

/** What is to be judged at a commit. */
export interface GateFiles {
  readonly files: readonly GateFile[];
  /** Rows that need no verdict on a version. */
  readonly rows: readonly GateRow[];
  /** Files that the range changes, or that the commit has. */
  readonly count: number;
  /** Whether the commit has a file at a path. */
  readonly isThere: (path: string) => boolean;
}

/** A policy above this is refused wherever it is read. In bytes. */
const maxPolicyBytes = 1024 * 1024;

interface Change {
  readonly path: string;
  readonly from: string | null;
  readonly change: GateChange;
}

/** `from`: where a range began; null: everything is judged. */
export async function gateFiles(
  access: GateAccess,
  rules: BranchPolicy,
  head: string,
  from: readonly string[] | null,
): Promise<GateFiles> {
  const { place } = access;
  const tree = await treeOf(place, head);
  const changes = from === null ? whole(tree) : await since(place, from, head, tree);
  const atHead = await headPolicy(place, tree);
  const isPrompt = promptMatcher(rules.policy);
  const isPromptThen = atHead.policy === null ? isPrompt : promptMatcher(atHead.policy);
  // The rules of the protected branch say what a prompt is; a change may add to that, and take nothing away.
  const tracks: PromptMatcher = (path) => isPrompt(path) || isPromptThen(path);
  const rows = from === null ? [] : policyRows(changes, atHead, rules);
  const judged: Change[] = [];
  for (const one of changes) {
    const { path, from: before, change } = one;
    const wasPrompt = before !== null && tracks(before);
    if (change === 'deleted') {
      if (tracks(path)) rows.push(deleted(path, tree));
    } else if (tracks(path)) judged.push(one);
    else if (wasPrompt)
      rows.push(
        plainGateRow({ path, from: before, change, verdict: 'deny', code: 'file.untracked' }),
      );
  }
  if (from !== null && changes.some(({ path }) => path === policyPath))
    for (const path of tree.keys())
      if (isPrompt(path) && !isPromptThen(path))
        rows.push(
          plainGateRow({ path, change: 'untracked', verdict: 'deny', code: 'file.untracked' }),
        );
  rows.push(...collisions(tree, tracks), ...links(tree, rules.policy, [...judged, ...rows]));
  const files = await withDigests(access, judged, tree);
  return { files, rows, count: changes.length, isThere: (path) => tree.has(path) };
}

const whole = (tree: ReadonlyMap<string, TreeFile>): Change[] =>
  [...tree.keys()].map((path) => ({ path, from: null, change: 'present' }));

/** What differs from any of the places where the change began. */
async function since(
  place: GatePlace,
  from: readonly string[],
  head: string,
  tree: ReadonlyMap<string, TreeFile>,
): Promise<Change[]> {
  if (from.length === 0) return whole(tree).map((one) => ({ ...one, change: 'added' }));
  const changes = new Map<string, Change>();
  for (const commit of from)
    for (const { status, path, from: before } of await changesBetween(place, commit, head)) {
      if (path === null || changes.has(path)) continue;
      const isMoved = status === 'R' && before !== null;
      changes.set(path, {
        path,
        from: isMoved ? before : null,
        change: isMoved
          ? 'renamed'
          : status === 'D'
            ? 'deleted'
            : status === 'A' || status === 'C'
              ? 'added'
              : 'changed',
      });
    }
  return [...changes.values()];
}

/** Whoever puts a link or a submodule in the place of a folder has not deleted what one reads there. */
function deleted(path: string, tree: ReadonlyMap<string, TreeFile>): GateRow {
  const parts = path.split('/');
  const isBehindLink = parts.some((_, at) => {
    const mode = tree.get(parts.slice(0, at).join('/'))?.mode;
    return mode !== undefined && !mode.startsWith('100');
  });
  return isBehindLink
    ? plainGateRow({ path, change: 'changed', verdict: 'deny', code: 'file.link' })
    : plainGateRow({ path, change: 'deleted', verdict: 'allow', code: 'file.deleted' });
}

interface HeadPolicy {
  readonly isThere: boolean;
  /** Null where there is none that can be read. */
  readonly policy: Policy | null;
}

async function headPolicy(
  place: GatePlace,
  tree: ReadonlyMap<string, TreeFile>,
): Promise<HeadPolicy> {
  const file = tree.get(policyPath);
  const bytes = await smallFile(place, file, maxPolicyBytes);
  if (bytes === null) return { isThere: file !== undefined, policy: null };
  return { isThere: true, policy: checkPolicy(Buffer.from(bytes).toString('utf8')).policy };
}

function policyRows(
  changes: readonly Change[],
  { policy }: HeadPolicy,
  { policy: { ledger, protectedBranch } }: BranchPolicy,
): GateRow[] {
  const known = new Set(policyPaths);
  const rows: GateRow[] = [];
  for (const { path, from, change } of changes)
    for (const place of [path, ...(from === null ? [] : [from])]) {
      if (!known.has(place)) continue;
      // Moved away, it is gone.
      const isBroken =
        place === policyPath &&
        (policy === null || change === 'deleted' || place === from || policy.ledger !== ledger);
      const isMoved =
        place === policyPath && !isBroken && policy?.protectedBranch !== protectedBranch;
      rows.push(
        plainGateRow({
          path: place,
          change: 'policy',
          verdict: isBroken || isMoved ? 'deny' : 'allow',
          code: isBroken ? 'policy.broken' : isMoved ? 'policy.moved' : 'policy.changed',
        }),
      );
    }
  return rows;
}

async function withDigests(
  { place, remote, fetch }: GateAccess,
  changes: readonly Change[],
  tree: ReadonlyMap<string, TreeFile>,
): Promise<GateFile[]> {
  const isText = (file: TreeFile | undefined): file is TreeFile =>
    file?.mode.startsWith('100') === true;
  const ids = changes.flatMap(({ path }) => {
    const file = tree.get(path);
    return isText(file) ? [file.id] : [];
  });
  if (ids.length > 0 && fetch && remote !== null && (await isPartialClone(place.folder)))
    await fetchCommits(place, remote, [...new Set(ids)], 'objects');
  const { folder, env } = place;
  const question = { folder, env, doing: 'look for texts' };
  const digests = await blobDigests(question, new Set(ids), maxPromptBytes);
  return changes.map(({ path, from, change }) => {
    const file = tree.get(path);
    const digest = isText(file) ? digests.get(file.id) : undefined;
    const problem: GateReasonCode | null = !isText(file)
      ? 'file.link'
      : digest === null
        ? 'file.tooLarge'
        : digest === undefined
          ? 'file.unreadable'
          : null;
    return { path, from, change, digest: digest ?? null, problem };
  });
}
