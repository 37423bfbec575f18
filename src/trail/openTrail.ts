import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { parsePolicy } from '../core/policyFile.js';
import { policyText } from '../core/policyPresets.js';
import { onDisk } from '../ledger/diskErrors.js';
import { LedgerStore } from '../ledger/store.js';
import type { StoreOptions } from '../ledger/storeOptions.js';
import { promptMatcher } from '../prompts/matcher.js';
import { actingIdentity, personDrafts } from './actor.js';
import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from './api.js';
import { TrailContext } from './context.js';
import { LedgerTrail } from './ledgerTrail.js';
import { adoption, policyPath, workingPolicyFiles } from './policySource.js';
import { auditFolder, listFiles, siteAt, type Site } from './site.js';
import { ledgerBranch, ledgerFileName, sync } from './sync.js';

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
export async function openTrail(options: TrailOptions): Promise<Trail> {
  const context = await contextAt(await siteAt(options.folder), options);
  if (hasLedger(context.store)) return new LedgerTrail(context);
  const mayJoin = await exists(join(context.site.root, policyPath));
  if (mayJoin && (await joinRemote(context))) return new LedgerTrail(context);
  throw new PromptAuditError({
    code: 'ledger.missing',
    message: `${context.site.root} has no ledger yet.`,
    remedy: 'Make one, or join that of the remote, with: prompt-audit init',
  });
}

/**
 * Makes the ledger of a repository, or joins the one that the remote has already.
 * Throws `ledger.exists` where this clone has one.
 */
export async function initTrail(options: TrailOptions, input: InitInput): Promise<InitResult> {
  const context = await contextAt(await siteAt(options.folder), options);
  const { site, store } = context;
  if (hasLedger(store)) {
    throw new PromptAuditError({
      code: 'ledger.exists',
      message: `${site.root} has a ledger already.`,
      remedy: 'See it with: prompt-audit status',
    });
  }
  const joined = await joinRemote(context);
  if (!joined) await createLedger(context, input);
  const prompts = (await listFiles(site)).filter(promptMatcher(context.policy)).length;
  return { outcome: joined ? 'joined' : 'created', ledger: context.point(), prompts };
}

async function createLedger(context: TrailContext, input: InitInput): Promise<void> {
  const { site, store } = context;
  const identity = await actingIdentity(site);
  await writeIgnoreFile(site);
  const ledger = store.create();
  const folder = join(site.root, auditFolder);
  const policy = policyText({ preset: input.preset, ledger, email: identity.email });
  await writeUnlessThere(join(folder, 'policy.jsonc'), policy);
  await writeUnlessThere(join(folder, 'allowed_signers'), signersText);
  const files = await workingPolicyFiles(site);
  parsePolicy(files.policy);
  const { person, drafts } = personDrafts(context.state, identity, null);
  await context.transact((tx) => {
    tx.append({ type: 'ledger.created', who: person, refs: {}, body: {}, identity: 'git' });
    for (const draft of [...drafts, adoption(files, person)]) tx.append(draft);
  });
  await context.fold();
}

/** Joins the ledger on the remote; false where there is no remote or it has no ledger. */
async function joinRemote(context: TrailContext): Promise<boolean> {
  const { git } = context.site;
  const remote = await context.remote();
  if (git === null || remote === null) return false;
  if ((await git.fetchLedger(remote, ledgerBranch)) === null) return false;
  await writeIgnoreFile(context.site);
  await sync(context, { remote });
  return true;
}

async function contextAt(site: Site, options: TrailOptions): Promise<TrailContext> {
  const storeOptions: StoreOptions = {
    file: site.ledgerFile,
    privateDir: site.privateDir,
    trimAfterFold: site.git === null,
    readRef: async () => (await site.git?.readLedger())?.files.get(ledgerFileName) ?? null,
    tool: options.tool,
    warn: options.warn ?? (() => undefined),
    ...(options.wasm ? { wasm: options.wasm } : {}),
  };
  const store = await LedgerStore.open(storeOptions);
  const damage = store.damage.find((found) => found.severity === 'error');
  if (damage) options.warn?.(`${damage.message} ${damage.remedy}`);
  return new TrailContext({ site, store, storeOptions, options });
}

/** A ledger that cannot be read is one too: it must never be taken for none (docs/LEDGER.md). */
function hasLedger(store: LedgerStore): boolean {
  return store.ledger !== null || store.refusal !== null;
}

async function isInitialized(site: Site): Promise<boolean> {
  return (await exists(join(site.root, policyPath))) || (await exists(site.ledgerFile));
}

/** The ledger travels on its own branch, so no code branch may hold it (DESIGN.md §2). */
async function writeIgnoreFile(site: Site): Promise<void> {
  const folder = join(site.root, auditFolder);
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
  await writeUnlessThere(join(folder, '.gitignore'), ignoreText);
}

async function writeUnlessThere(path: string, text: string): Promise<void> {
  await onDisk(path, async () => {
    await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const ignoreText = `# The ledger travels on a branch of its own; see README.md of the branch prompt-audit.
ledger.sqlite
ledger.*.sqlite
volumes/
# What a folder without git keeps here:
journal.jsonl
lock
writer.json
clone.json
drafts/
*.tmp
`;

const signersText = `# Whose SSH key is whose, in the OpenSSH format of allowed_signers:
# ana@clinic.example namespaces="prompt-audit" ssh-ed25519 AAAA…
`;
