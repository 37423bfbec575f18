import type { LaterNote } from './approvalOrder.js';
import { shortHash } from './labels.js';
import type { ActiveRow } from './rows.js';

type Noted = Pick<ActiveRow, 'path' | 'version' | 'env' | 'later' | 'outsidePolicy'>;

const laterTexts: Readonly<Record<LaterNote['what'], string>> = {
  revoked: 'an approval was revoked',
  rejected: 'somebody rejected it',
  'changes-requested': 'somebody asked for changes',
  withdrawn: 'it was withdrawn',
  retired: 'the prompt was retired',
};

/** What was said against a version that is active, as far as its deployer had not seen it. */
export function laterCaveats(row: Noted): readonly string[] {
  return (row.later ?? []).map(({ what, order, event }) => {
    const when = order === 'after' ? 'later' : 'without having seen the deployment';
    return `${nameOf(row)}: ${laterTexts[what]} ${when} (event ${shortHash(event)}).`;
  });
}

/** Why what is active should perhaps not be: its prompt was retired, or its environment is none any more. */
export function standingCaveats(row: Noted): readonly string[] {
  const retired = (row.later ?? []).filter(({ what }) => what === 'retired');
  return [...laterCaveats({ ...row, later: retired }), ...outsideCaveats(row)];
}

/** Says that the policy of now has the row's environment no more. */
export function outsideCaveats(row: Noted): readonly string[] {
  if (row.outsidePolicy !== true) return [];
  return [
    `${nameOf(row)}: the policy has no environment "${row.env}" any more. Where nothing runs there, end it: prompt-audit undeploy ${row.path} --env ${row.env} -m REASON`,
  ];
}

const nameOf = ({ path, version, env }: Noted): string => `${path} ${version} in ${env}`;
