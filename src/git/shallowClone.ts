import { gitText } from './runGit.js';

/** Whether this clone lacks commits behind its oldest ones. */
export async function isShallowClone(root: string): Promise<boolean> {
  const text = await gitText({
    folder: root,
    doing: 'see whether the repository is shallow',
    args: ['rev-parse', '--is-shallow-repository'],
  });
  return text === 'true';
}
