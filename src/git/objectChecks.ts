import { isObjectId } from './names.js';
import { gitText, type GitCall } from './runGit.js';

/** Which repository is asked, and what for. */
export type ObjectQuestion = Pick<GitCall, 'folder' | 'doing' | 'env'>;

/** What git says of a name; `type` is `missing` where that leads to nothing here, and then `id` is no answer. */
export interface ObjectCheck {
  readonly id: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** An answer for each name, in their order, by one git. Names have no line ends. Throws `git.failed`. */
export async function checkObjects(
  question: ObjectQuestion,
  names: readonly string[],
): Promise<readonly ObjectCheck[]> {
  if (names.length === 0) return [];
  const text = await gitText({
    ...question,
    args: ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)', '--buffer'],
    input: names.map((name) => `${name}\n`).join(''),
  });
  return text.split('\n').map((line) => {
    const [id = '', type = '', size = ''] = line.split(' ');
    return { id, type, size: Number(size) };
  });
}

/** The commit that each name leads to, through tags or not; null where that is none, or is not here. Throws `git.failed`. */
export async function commitsAt(
  question: ObjectQuestion,
  names: readonly string[],
): Promise<readonly (string | null)[]> {
  const peeled = names.map((name) => `${name}^{commit}`);
  const found = await checkObjects(question, peeled);
  return names.map((_, at) => {
    const { id = '', type } = found[at] ?? {};
    return type === 'commit' && isObjectId(id) ? id : null;
  });
}

/** Of these ids of commits those whose object is in this clone, whether or not a ref leads to it. Throws `git.failed`. */
export async function commitsHere(
  root: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const question = { folder: root, doing: 'look at the objects of the history' };
  const found = await checkObjects(question, ids);
  return new Set(found.flatMap(({ id, type }) => (type === 'commit' ? [id] : [])));
}
