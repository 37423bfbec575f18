import { stat } from 'node:fs/promises';
import { workspace, type TextDocument, type Uri } from 'vscode';
import type { LintFinding } from '../../core/policyLintContext.js';
import { policyUri } from '../policyFile.js';
import type { PolicyApi } from '../session/trailApi.js';
import type { TrailSession } from '../session/trailSession.js';

/** A mistake, or what lint says, at its place in a file. */
export type PlacedProblem = LintFinding;

const signersPath = '.prompt-audit/allowed_signers';
const mailmapPath = '.mailmap';
/** The first that is there counts. */
const codeownersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** The files of a repository that are adopted with its policy. */
export function checkedFiles(session: TrailSession): readonly Uri[] {
  const beside = [signersPath, mailmapPath, ...codeownersPaths];
  return [policyUri(session), ...beside.map((path) => session.location.uriOf(path))];
}

/** What there is to say of the policy of a repository and the files beside it, as they are in the editor. */
export async function problemsOf(
  session: TrailSession,
  api: PolicyApi,
): Promise<ReadonlyMap<TextDocument, readonly PlacedProblem[]>> {
  const policy = await documentOf(policyUri(session));
  if (policy === null) {
    return new Map();
  }
  const text = policy.getText();
  const { trail } = session;
  if (trail === null) {
    const mistakes = await api.policyProblems(text);
    return new Map([
      [policy, mistakes.map((one) => ({ ...one, severity: 'error', file: 'policy' }))],
    ]);
  }
  const [mailmap, signers, ...owners] = await Promise.all(
    [mailmapPath, signersPath, ...codeownersPaths].map((path) =>
      documentOf(session.location.uriOf(path)),
    ),
  );
  const codeowners = owners.find((one) => one !== null) ?? null;
  const found = await trail.lintTexts({
    text,
    mailmap: mailmap?.getText() ?? null,
    allowedSigners: signers?.getText() ?? null,
    codeowners: codeowners?.getText() ?? null,
  });
  const placed = new Map<TextDocument, readonly PlacedProblem[]>([
    [policy, found.filter(({ file }) => file === 'policy')],
  ]);
  return codeowners === null
    ? placed
    : placed.set(
        codeowners,
        found.filter(({ file }) => file === 'codeowners'),
      );
}

/** A file as it is in the editor, or else on the disk; null where there is none. */
async function documentOf(uri: Uri): Promise<TextDocument | null> {
  const open = workspace.textDocuments.find((one) => one.uri.fsPath === uri.fsPath);
  if (open !== undefined) {
    return open;
  }
  try {
    await stat(uri.fsPath);
    return await workspace.openTextDocument(uri);
  } catch {
    // Missing, or no text: whoever needs it says so.
    return null;
  }
}
