import { join } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { checkPolicy, parsePolicy } from '../core/policyFile.js';
import { policyText } from '../core/policyPresets.js';
import { withoutAskPass } from '../git/askPass.js';
import { withLogin } from '../git/loginMemory.js';
import { withinAct } from '../git/oneAct.js';
import { LedgerStore } from '../ledger/store.js';
import type { StoreOptions } from '../ledger/storeOptions.js';
import { volumeTreeName } from '../ledger/volumes.js';
import { manyRemotes, remoteSetting } from '../git/remotes.js';
import { promptMatcher } from '../prompts/matcher.js';
import { abandonLedger, policyFiles, type Begun } from './abandonLedger.js';
import { actsOf } from './actsOf.js';
import { actingIdentity, personDrafts } from './actor.js';
import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from './api.js';
import {
  exists,
  policyOnDisk,
  restorePolicyFiles,
  writeIgnoreFile,
  writePolicyFiles,
  type Written,
} from './auditFiles.js';
import { TrailContext } from './context.js';
import { LedgerTrail } from './ledgerTrail.js';
import { adoption, workingPolicyFiles } from './policySource.js';
import { assertNothingLeft } from './nothingLeft.js';
import { recordStart } from './importMarks.js';
import { policyPath } from './protectedBranch.js';
import { auditFolder, listFiles, siteAt, type Site } from './site.js';
import { ledgerBranch } from './ledgerBranch.js';
import { ledgerFileName } from './ledgerVolumes.js';
import { sync } from './sync.js';
import { noteSynced, rememberingProblems } from './syncState.js';

/** What is at a folder. Throws `git.missing`. */
export async function siteOf(folder: string): Promise<TrailSite> {
  const site = await siteAt(folder);
  const kind = site.git ? 'git' : 'no-git';
  return { kind, root: site.root, initialized: await isInitialized(site) };
}

/**
 * Opens the trail of the repository that a folder belongs to. A clone that has the policy but no
 * ledger yet joins the one on the remote. Throws `ledger.missing` where there is none.
 */
export function openTrail(options: TrailOptions): Promise<Trail> {
  const act = (): Promise<Trail> => withinAct(() => openOrJoin(options));
  const open = (): Promise<Trail> => withLogin(options.login ?? null, act);
  // An editor opens whatever lies in its window.
  return options.source === 'editor' ? withoutAskPass(open) : open();
}

function trailOf(context: TrailContext): Trail {
  return actsOf(new LedgerTrail(context));
}

async function openOrJoin(options: TrailOptions): Promise<Trail> {
  const context = await contextAt(await siteAt(options.folder), options);
  if (hasLedger(context.store)) return trailOf(context);
  const mayJoin = (await policyOnDisk(context.site)) !== null;
  if (mayJoin && options.join !== false) {
    if ((await joinRemote(context)) !== null) return trailOf(context);
    await assertNothingLeft(context);
    await assertMayBegin(context);
  }
  await assertNothingLeft(context);
  throw new PromptAuditError({
    code: 'ledger.missing',
    message: `${context.site.root} has no ledger yet.`,
    remedy: 'Make one, or join that of the remote, with: prompt-audit init',
  });
}

/** The trail of a clone that has its ledger, with what stands behind it; else null: nothing is joined, nothing asked. */
export async function openHere(
  site: Site,
  options: TrailOptions,
): Promise<{ readonly trail: Trail; readonly context: TrailContext } | null> {
  const context = await contextAt(site, options);
  return hasLedger(context.store) ? { trail: trailOf(context), context } : null;
}

/**
 * Makes the ledger of a repository and shares it, or joins the one that the remote has already. Writes
 * the policy again where a ledger is but no policy. Throws `ledger.exists` where this clone has both.
 */
export function initTrail(options: TrailOptions, input: InitInput): Promise<InitResult> {
  const act = (): Promise<InitResult> => withinAct(() => createOrJoin(options, input));
  return withLogin(options.login ?? null, act);
}

async function createOrJoin(options: TrailOptions, input: InitInput): Promise<InitResult> {
  const context = await contextAt(await siteAt(options.folder), options);
  if (hasLedger(context.store)) {
    const written = await restorePolicyFiles(context);
    if (written.includes(policyPath)) return resultOf('joined', context, written);
    throw new PromptAuditError({
      code: 'ledger.exists',
      message: `${context.site.root} has a ledger already.`,
      remedy: 'See it with: prompt-audit status',
    });
  }
  const joined = await joinRemote(context);
  if (joined !== null)
    return resultOf('joined', context, [...joined, ...(await restorePolicyFiles(context))]);
  await assertNothingLeft(context);
  await assertMayBegin(context);
  const begun = await createLedger(context, input);
  const faster = await publish(context);
  if (faster === null) return resultOf('created', context, begun.written);
  if (!(await abandonLedger(context, begun))) throw faster;
  const fresh = await contextAt(context.site, options);
  await joinRemote(fresh);
  const kept = begun.written.filter((path) => !policyFiles.includes(path));
  return resultOf('joined', fresh, [...kept, ...(await restorePolicyFiles(fresh))]);
}

async function resultOf(
  outcome: InitResult['outcome'],
  context: TrailContext,
  written: readonly string[],
): Promise<InitResult> {
  const prompts = (await listFiles(context.site)).filter(promptMatcher(context.policy)).length;
  return { outcome, ledger: context.point(), prompts, written };
}

/** Makes the ledger with its first events. */
async function createLedger(context: TrailContext, input: InitInput): Promise<Begun> {
  const { site, store } = context;
  const identity = await actingIdentity(site);
  const ignored = await writeIgnoreFile(site);
  const ledger = store.create();
  const policy = policyText({ preset: input.preset, ledger, email: identity.email });
  const written = [...ignored, ...(await writePolicyFiles(site, policy))];
  const files = await workingPolicyFiles(site);
  parsePolicy(files.policy);
  const { person, drafts } = personDrafts(context.state, identity, null);
  await context.transact((tx) => {
    tx.append({ type: 'ledger.created', who: person, refs: {}, body: {}, identity: 'git' });
    for (const draft of [...drafts, adoption(files, person)]) tx.append(draft);
  });
  await recordStart(context, person);
  await context.fold();
  return { ...context.point(), written };
}

/**
 * Shares a new ledger at once: whoever finds none on the remote begins another one. Gives the error when
 * somebody else's is there by now; all other trouble only warns, because the ledger here is good.
 */
async function publish(context: TrailContext): Promise<PromptAuditError | null> {
  if ((await context.remote()) === null) return null;
  if (context.options.autoSync === false) {
    context.warn('The ledger is only in this clone. Sync it before others set up theirs.');
    return null;
  }
  try {
    await rememberingProblems(context, () => sync(context));
  } catch (error) {
    if (isPromptAuditError(error, 'ledger.foreign')) return error;
    if (!(error instanceof PromptAuditError)) throw error;
    context.warn(`Not synced yet: ${error.message} ${error.remedy}`);
  }
  return null;
}

/** Joins the ledger on the remote, with the files that this made; null where there is no remote or it has no ledger. */
async function joinRemote(context: TrailContext): Promise<Written | null> {
  const { git } = context.site;
  const remote = await context.remoteOrProblem();
  if (git === null || remote === null) return null;
  if (remote instanceof PromptAuditError) throw remote;
  try {
    if ((await git.fetchLedger(remote, ledgerBranch)) === null) return null;
    const written = await writeIgnoreFile(context.site);
    await sync(context, { remote });
    await noteSynced(context);
    return written;
  } catch (error) {
    throw isPromptAuditError(error) ? notFetched(error) : error;
  }
}

/** What the exchange itself says of a remote that does not answer holds only for a clone with a ledger. */
function notFetched(error: PromptAuditError): PromptAuditError {
  const { code, reasons } = error;
  if (code !== 'sync.offline' && code !== 'sync.refused') return error;
  return new PromptAuditError({
    code,
    message: `The ledger of this repository has not been fetched yet. ${error.message}`,
    remedy:
      code === 'sync.offline'
        ? 'Nothing can be recorded before that. Check the network and the address, then try again.'
        : error.remedy.replace(
            /^Everything is recorded here\./,
            'Nothing can be recorded before that.',
          ),
    reasons,
    cause: error,
  });
}

/** A policy that names a ledger must not get another one: its owner has yet to share it. */
async function assertMayBegin(context: TrailContext): Promise<void> {
  const text = await policyOnDisk(context.site);
  if (text === null) return;
  const { policy } = checkPolicy(text);
  if (policy === null || policy.ledger === null) return;
  const names = (await context.site.git?.remotes()) ?? [];
  const isKnown = (await context.remote()) !== null;
  if (!isKnown && names.length > 0)
    throw new PromptAuditError({
      code: 'ledger.missing',
      message: `The policy belongs to ledger ${policy.ledger.slice(0, 7)}…, which is not here. ${manyRemotes(names).message}`,
      remedy: `Name it with: git config ${remoteSetting} NAME. Then run prompt-audit init again.`,
    });
  const where = isKnown
    ? 'which the remote does not hold yet'
    : 'which is not here, and there is no remote to get it from';
  throw new PromptAuditError({
    code: 'ledger.missing',
    message: `The policy belongs to ledger ${policy.ledger.slice(0, 7)}…, ${where}.`,
    remedy: `Ask whoever began it to run: prompt-audit sync. If another remote holds it (of a fork, the original), name that one with: git config ${remoteSetting} NAME. Or remove "ledger" from ${policyPath} and run prompt-audit init to begin a new one.`,
  });
}

async function contextAt(site: Site, options: TrailOptions): Promise<TrailContext> {
  const storeOptions: StoreOptions = {
    file: site.ledgerFile,
    privateDir: site.privateDir,
    trimAfterFold: site.git === null,
    readRef: async () => (await site.git?.readLedger())?.files.get(ledgerFileName) ?? null,
    readRefTip: async () => (await site.git?.ledgerTip()) ?? null,
    readRefVolume: async (volume) => {
      const name = volumeTreeName(volume);
      return (await site.git?.readLedger(undefined, [name]))?.files.get(name) ?? null;
    },
    worktreeFiles: async () =>
      (await site.git?.worktrees())?.map((root) => join(root, auditFolder, ledgerFileName)) ?? [],
    ...options.limits,
    ...(options.watch ? { watch: options.watch } : {}),
    tool: options.tool,
    warn: options.warn ?? (() => undefined),
    ...(options.wasm ? { wasm: options.wasm } : {}),
  };
  const store = await LedgerStore.open(storeOptions);
  const context = new TrailContext({ site, store, storeOptions, options });
  const { damage } = context;
  if (damage !== null) options.warn?.(`${damage.message} ${damage.remedy}`);
  return context;
}

/** A ledger that cannot be read is one too: it must never be taken for none (docs/LEDGER.md). */
function hasLedger(store: LedgerStore): boolean {
  return store.ledger !== null || store.refusal !== null;
}

async function isInitialized(site: Site): Promise<boolean> {
  return (await policyOnDisk(site)) !== null || (await exists(site.ledgerFile));
}
