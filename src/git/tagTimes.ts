import { gitText } from './runGit.js';

const unknownTime = new Date(0).toISOString();

/**
 * When tags claim to have been made, by their full names, as ISO 8601 in UTC: the tagger's time, of a tag without
 * one the committer's time of its commit; the beginning of 1970 where that is no moment of the years 1970 to 9999.
 */
export async function tagTimes(root: string): Promise<ReadonlyMap<string, string>> {
  const text = await gitText({
    folder: root,
    doing: 'read the times of the tags',
    args: ['for-each-ref', '--format=%(creatordate:unix) %(refname)', 'refs/tags/'],
  });
  return new Map(
    text.split('\n').flatMap((line) => {
      const [seconds = '', ...name] = line.split(' ');
      return name.length === 0 ? [] : [[name.join(' '), timeOf(seconds)]];
    }),
  );
}

function timeOf(seconds: string): string {
  const time = new Date(Number(seconds) * 1000);
  const isReal = /^\d+$/.test(seconds) && time.getUTCFullYear() <= 9999;
  return isReal ? time.toISOString() : unknownTime;
}
