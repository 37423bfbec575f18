import { agentInText, agentNamed, moreCoAuthors } from './agentNames.js';
import type { CommitSignature } from './event.js';
import { maxNameLength } from './shapeChecks.js';
import type { ClaimedPerson, CommitClaims } from './historyCommit.js';

/** More are counted only, so that the header of an event has room for all, and for its parents. */
const maxCoAuthors = 200;
const maxAgents = 16;

const beginning = new Date(0).toISOString();

/**
 * What a commit object says of itself: its bytes as git stores them, or their beginning. Takes anything: what is
 * missing or broken is empty.
 */
export function claimsOfCommit(bytes: Uint8Array): CommitClaims {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf('\n\n');
  const head = end < 0 ? buffer : buffer.subarray(0, end);
  const decode = decoderOf(/^encoding (.*)$/m.exec(head.toString('latin1'))?.[1]);
  const headers = decode(head);
  const message = end < 0 ? '' : decode(buffer.subarray(end + 2));
  const author = stampOf(headers, 'author');
  const committer = stampOf(headers, 'committer');
  const { coAuthors: named, agents } = trailersOf(message);
  const coAuthors = named.filter((one) => one.email !== author.person.email);
  for (const { person } of [author, committer]) addNew(agents, agentNamed(person), maxAgents);
  const left = coAuthors.length - maxCoAuthors;
  if (left > 0) agents.push(moreCoAuthors(left));
  return {
    author: author.person,
    committer: committer.person,
    coAuthors: coAuthors.slice(0, maxCoAuthors),
    agents,
    authoredAt: author.at,
    committedAt: committer.at,
    signed: signatureOf(headers),
  };
}

/** git keeps the name of another encoding beside the message; one that nobody knows counts as UTF-8. */
function decoderOf(label: string | undefined): (bytes: Uint8Array) => string {
  if (label !== undefined && label.length < 40) {
    try {
      const decoder = new TextDecoder(label.trim());
      return (bytes) => decoder.decode(bytes);
    } catch {
      // No such encoding.
    }
  }
  return (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function stampOf(
  headers: string,
  which: 'author' | 'committer',
): { person: ClaimedPerson; at: string } {
  const line = lineOf(headers, which);
  const close = line.lastIndexOf('>');
  const seconds = /^ *(-?\d{1,15})\b/.exec(line.slice(close + 1))?.[1];
  return { person: personOf(line.slice(0, close + 1)), at: timeOf(Number(seconds)) };
}

function lineOf(headers: string, name: string): string {
  const start = headers.indexOf(`\n${name} `);
  if (start < 0) return '';
  const end = headers.indexOf('\n', start + 1);
  return headers.slice(start + name.length + 2, end < 0 ? undefined : end);
}

/** ISO 8601 of seconds since 1970; the beginning of 1970 for what is no moment of the years 0 to 9999. */
function timeOf(seconds: number): string {
  const time = new Date(seconds * 1000);
  if (Number.isNaN(time.valueOf())) return beginning;
  const text = time.toISOString();
  return text.length === beginning.length ? text : beginning;
}

function personOf(text: string): ClaimedPerson {
  const open = text.indexOf('<');
  if (open < 0) return { name: clean(text), email: '' };
  const email = clean(text.slice(open + 1).replace(/[<>]/g, ''));
  return { name: clean(text.slice(0, open)) || email, email };
}

/** One line without control characters, at most as long as an event takes it. */
function clean(text: string): string {
  const line = text
    .slice(0, 4 * maxNameLength)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return line.length <= maxNameLength
    ? line
    : line.slice(0, maxNameLength).replace(/[\ud800-\udbff]$/, '');
}

/** The value may go on in lines that begin with a space. */
const trailer =
  /^(co-authored-by|(?:generated|assisted|made|written|created)-(?:by|with))[ \t]*:[ \t]*(.{0,1000}(?:\r?\n[ \t]+\S.{0,1000}){0,8})/gim;
const madeWith =
  /^\W{0,8}generated (?:with|by) \[?(claude code|codex|copilot|cursor|aider|gemini cli|devin|amp)\b/gim;

/** Co-authors that seem human, and the programs that the message names. */
function trailersOf(message: string): { coAuthors: ClaimedPerson[]; agents: string[] } {
  const coAuthors = new Map<string, ClaimedPerson>();
  const agents: string[] = [];
  for (const [, name = '', folded = ''] of message.matchAll(trailer)) {
    const value = folded.replace(/\s*\n\s*/g, ' ');
    if (!/^co-authored-by$/i.test(name)) {
      addNew(agents, agentInText(clean(value)), maxAgents);
      continue;
    }
    const person = personOf(value.replace(/>.*/s, '>'));
    const agent = agentNamed(person);
    if (agent !== null) addNew(agents, agent, maxAgents);
    else if (person.email !== '' && !coAuthors.has(person.email))
      coAuthors.set(person.email, person);
  }
  for (const [, name = ''] of message.matchAll(madeWith))
    addNew(agents, agentInText(name), maxAgents);
  return { coAuthors: [...coAuthors.values()], agents };
}

function addNew(list: string[], one: string | null, most: number): void {
  if (one !== null && one !== '' && list.length < most && !list.includes(one)) list.push(one);
}

function signatureOf(headers: string): CommitSignature {
  const text = /^gpgsig(?:-sha256)? (.{0,60})/m.exec(headers)?.[1] ?? '';
  if (/BEGIN PGP (SIGNATURE|MESSAGE)/.test(text)) return 'openpgp';
  if (text.includes('BEGIN SSH SIGNATURE')) return 'ssh';
  return text.includes('BEGIN SIGNED MESSAGE') ? 'x509' : 'none';
}
