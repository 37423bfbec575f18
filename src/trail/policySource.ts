import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { EventDraft, EventShapes } from '../core/event.js';
import { digestOf } from '../core/hash.js';
import type { PersonId } from '../core/ids.js';
import { parsePolicy } from '../core/policyFile.js';
import type { Policy } from '../core/policy.js';
import { adoptionInScope } from '../core/policyInScope.js';
import { everything } from '../core/state.js';
import type { ProtectedFiles } from '../git/protectedBranch.js';
import { isShallowClone } from '../git/shallowClone.js';
import type { TrailContext } from './context.js';
import { ProtectedBranch, policyPath } from './protectedBranch.js';
import { auditFolder, readTexts, type Site } from './site.js';

export const signersPath = `${auditFolder}/allowed_signers`;
const mailmapPath = '.mailmap';
/** Of several the first counts. */
export const codeownersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
/** What is adopted together: the policy, and the files by which it knows people. */
export const policyPaths = [policyPath, signersPath, mailmapPath, ...codeownersPaths];

export type PolicyFiles = EventShapes['policy.adopted']['body'];

/** The policy of the working tree, for what needs no verdict. Throws `policy.missing`, `policy.invalid`. */
export async function workingPolicy(site: Site): Promise<Policy> {
  return parsePolicy(await workingPolicyText(site));
}

/** Its text as it stands there. Throws `policy.missing`, `policy.invalid`. */
export async function workingPolicyText(site: Site): Promise<string> {
  const text = await readFile(join(site.root, policyPath), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return leftOutPolicy(site);
    throw unreadable(error);
  });
  if (text === null) throw noPolicy();
  return text;
}

/** The policy where a sparse checkout leaves it out; null where there is none. */
export async function leftOutPolicy(site: Site): Promise<string | null> {
  const files = await site.git?.leftOut([policyPath], { fetch: true });
  const bytes = files?.get(policyPath) ?? null;
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

/**
 * Appends `policy.adopted` where the policy that counts now is not the last one adopted (DESIGN.md §7):
 * that of the protected branch, or the working tree's as long as that never had one.
 * Throws `policy.missing`, `policy.invalid`.
 */
export async function adoptPolicy(context: TrailContext, who: PersonId): Promise<void> {
  const files = await policyFiles(context);
  const policy = parsePolicy(files.policy);
  if (policy.ledger !== null && policy.ledger !== context.store.ledger) {
    throw new PromptAuditError({
      code: 'policy.invalid',
      message: `${policyPath} belongs to another ledger (${policy.ledger.slice(0, 7)}…).`,
      remedy: `Set "ledger" to "${context.store.ledger}" if the policy is meant for this one.`,
    });
  }
  if (isAdopted(context, files)) return;
  await context.transact((tx) => {
    if (!isAdopted(context, files)) tx.append(adoption(files, who));
  });
}

/** The policy by which the next act will be judged; the last one adopted where that cannot be told now. */
export async function nextPolicy(context: TrailContext): Promise<Policy> {
  try {
    return parsePolicy((await policyFiles(context)).policy);
  } catch (error) {
    if (isPromptAuditError(error)) return context.policy;
    throw error;
  }
}

/** The event that adopts these files. */
export function adoption(files: PolicyFiles, who: PersonId): EventDraft {
  return {
    type: 'policy.adopted',
    who,
    refs: { policy: digestOf(files.policy) },
    body: files,
    identity: 'git',
  };
}

/** The files of the working tree, as git would store them. Throws `policy.missing`. */
export async function workingPolicyFiles(site: Site): Promise<PolicyFiles> {
  return policyFilesOf(await workingTexts(site), 'working-tree', null);
}

/** The texts of `policyPaths` that are in the working tree, as git would store them. */
export async function workingTexts(site: Site): Promise<ReadonlyMap<string, string | null>> {
  const texts = await readTexts(site, policyPaths);
  const found = new Map<string, string | null>();
  for (const path of policyPaths) {
    const text = texts.get(path);
    if (text instanceof Uint8Array) found.set(path, Buffer.from(text).toString('utf8'));
  }
  const leftOut = await site.git?.leftOut(policyPaths, { fetch: true });
  for (const [path, bytes] of leftOut ?? [])
    if (bytes !== null) found.set(path, Buffer.from(bytes).toString('utf8'));
  return found;
}

async function policyFiles(context: TrailContext): Promise<PolicyFiles> {
  const { git } = context.site;
  const remote = await context.remote();
  const adopted = lastProtected(context);
  if (git === null || remote === null) {
    if (adopted === null) return workingPolicyFiles(context.site);
    throw remoteGone(context.store.remote);
  }
  const branch = new ProtectedBranch(git, remote, policyPaths);
  if (adopted !== null) return newest(context, branch, adopted);
  const place = await branch.lastFetched();
  return (place && filesAt(place)) ?? workingPolicyFiles(context.site);
}

/**
 * The policy of the protected branch, unless this clone only has an older one than the ledger: whoever
 * does not fetch must not bring an old policy back. Fetches that branch where the two cannot be compared; a commit that is
 * not here even then is none of that branch, and must not keep everybody from going on.
 */
async function newest(
  context: TrailContext,
  branch: ProtectedBranch,
  adopted: ProtectedFilesBody,
): Promise<PolicyFiles> {
  let place = await branch.lastFetched();
  let relation = place && (await branch.compare(place.commit, adopted.commit));
  if (relation !== 'newer' && relation !== 'older') {
    const known = place && filesAt(place);
    // Clones of build servers are shallow: no history to compare with, and here none is needed.
    if (known && sameFiles(adopted, known)) return known;
    place = await branch.fetched(adopted.commit);
    relation = place && (await branch.compare(place.commit, adopted.commit));
    if (relation === 'unknown') {
      // The branch was fetched from the remote just now: a whole clone then has every commit of it.
      if (await isShallowClone(context.site.git!.root)) throw branch.cannotCompare(adopted.commit);
      context.warn(
        `The policy in force came from commit ${adopted.commit.slice(0, 12)}, which is not on the protected branch of ${branch.remote}: the policy of that branch counts from now on. See: prompt-audit policy show --all`,
      );
    }
  }
  if (relation === 'older') return adopted;
  const files = place && filesAt(place);
  if (files) return files;
  throw new PromptAuditError({
    code: 'policy.missing',
    message: `The protected branch ${place ? `"${place.branch}" ` : ''}of ${branch.remote} has no ${policyPath} any more.`,
    remedy: `Restore the file on that branch, then run: git fetch ${branch.remote}`,
  });
}

type ProtectedFilesBody = PolicyFiles & { readonly commit: string };

/** What was adopted from the protected branch last; null before the first time. */
function lastProtected(context: TrailContext): ProtectedFilesBody | null {
  for (const { event } of context.state.policies.toReversed()) {
    const { body } = event;
    if (body?.source === 'protected-branch' && body.commit !== null)
      return { ...body, commit: body.commit };
  }
  return null;
}

/** The files of a commit of the protected branch; null where it has no policy. */
function filesAt(place: ProtectedFiles): PolicyFiles | null {
  if (place.files.get(policyPath) == null) return null;
  return policyFilesOf(place.files, 'protected-branch', place.commit);
}

function remoteGone(name: string | null): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.missing',
    message: `The policy stands on the protected branch of the remote${name === null ? '' : ` ${name}`}, which this repository does not have any more.`,
    remedy: `Add it again with: git remote add ${name ?? 'origin'} URL`,
  });
}

/** Throws `policy.missing`. */
export function policyFilesOf(
  files: ReadonlyMap<string, string | null>,
  source: PolicyFiles['source'],
  commit: string | null,
): PolicyFiles {
  const policy = files.get(policyPath);
  if (policy === undefined || policy === null) throw noPolicy();
  const codeowners = codeownersPaths.map((path) => files.get(path)).find((text) => text != null);
  return {
    policy,
    allowedSigners: files.get(signersPath) ?? null,
    mailmap: files.get(mailmapPath) ?? null,
    codeowners: codeowners ?? null,
    source,
    commit,
  };
}

function isAdopted(context: TrailContext, files: PolicyFiles): boolean {
  const last = adoptionInScope(context.state, everything)?.event.body;
  if (last == null || !sameFiles(last, files)) return false;
  // Once the protected branch has it, the trail says so: from then on it cannot fall back behind that.
  return last.source === 'protected-branch' || files.source === 'working-tree';
}

export function sameFiles(a: PolicyFiles, b: PolicyFiles): boolean {
  const parts = ['policy', 'allowedSigners', 'mailmap', 'codeowners'] as const;
  return parts.every((part) => a[part] === b[part]);
}

function noPolicy(): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.missing',
    message: `There is no ${policyPath}.`,
    remedy: 'Restore it from git, or let this write it again: prompt-audit init',
  });
}

function unreadable(cause: unknown): PromptAuditError {
  if (isPromptAuditError(cause)) return cause;
  return new PromptAuditError({
    code: 'policy.invalid',
    message: `${policyPath} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
    remedy: 'Check that you may read it.',
    cause,
  });
}
