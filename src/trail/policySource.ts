import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { EventDraft, EventShapes } from '../core/event.js';
import { digestOf } from '../core/hash.js';
import type { PersonId } from '../core/ids.js';
import { parsePolicy } from '../core/policyFile.js';
import type { Policy } from '../core/policy.js';
import type { TrailContext } from './context.js';
import { auditFolder, readTexts, type Site } from './site.js';

export const policyPath = `${auditFolder}/policy.jsonc`;
const signersPath = `${auditFolder}/allowed_signers`;
const mailmapPath = '.mailmap';
const codeownersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

type PolicyFiles = EventShapes['policy.adopted']['body'];

/** The policy of the working tree, for what needs no verdict. Throws `policy.missing`, `policy.invalid`. */
export async function workingPolicy(site: Site): Promise<Policy> {
  const text = await readFile(join(site.root, policyPath), 'utf8').catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? noPolicy() : unreadable(error);
  });
  return parsePolicy(text);
}

/**
 * Appends `policy.adopted` where the policy that counts now is not the last one adopted (DESIGN.md §7):
 * that of the protected branch, or the working tree's where that has none.
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
  const paths = [policyPath, signersPath, mailmapPath, ...codeownersPaths];
  const texts = await readTexts(site, paths);
  const found = new Map<string, string | null>();
  for (const path of paths) {
    const text = texts.get(path);
    if (text instanceof Uint8Array) found.set(path, Buffer.from(text).toString('utf8'));
  }
  return policyFilesOf(found, 'working-tree', null);
}

async function policyFiles(context: TrailContext): Promise<PolicyFiles> {
  const { site } = context;
  const remote = await context.remote();
  if (site.git === null || remote === null) return workingPolicyFiles(site);
  const paths = [policyPath, signersPath, mailmapPath, ...codeownersPaths];
  const standard = await site.git.filesOnProtectedBranch({ remote, branch: null, paths });
  const text = standard?.files.get(policyPath);
  if (standard === null || text === undefined || text === null) return workingPolicyFiles(site);
  const branch = parsePolicy(text).protectedBranch;
  if (branch === null) return policyFilesOf(standard.files, 'protected-branch', standard.commit);
  const named = await site.git.filesOnProtectedBranch({ remote, branch, paths });
  if (named === null) {
    throw new PromptAuditError({
      code: 'policy.missing',
      message: `The policy names the protected branch "${branch}", which ${remote} does not have.`,
      remedy: `Fetch it with git fetch ${remote}, or correct "protectedBranch".`,
    });
  }
  return policyFilesOf(named.files, 'protected-branch', named.commit);
}

function policyFilesOf(
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
  const last = context.state.policies.at(-1)?.event.body;
  const parts = ['policy', 'allowedSigners', 'mailmap', 'codeowners'] as const;
  return last != null && parts.every((part) => last[part] === files[part]);
}

function noPolicy(): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.missing',
    message: `There is no ${policyPath}.`,
    remedy: 'Restore it from git, or write one with: prompt-audit init',
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
