import type { ClaimedPerson } from './historyCommit.js';

/** Programs that write commits, by the names and addresses that they leave there. */
const agents: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Claude', /^claude\b|@anthropic\.com$/i],
  ['GitHub Copilot', /\bcopilot\b/i],
  ['Cursor', /^cursor( agent)?$|@cursor\.com$|^cursoragent\b/i],
  ['Devin', /^devin( ai)?$|^devin-ai-integration\b|@devin\.ai$/i],
  ['Codex', /^(openai )?codex\b|^codex@openai\.com$/i],
  ['aider', /\(aider\)$|^aider\b|@aider\.chat$/i],
  ['Gemini', /^gemini([- ](cli|code[- ]assist))?\b/i],
  ['Jules', /^google-labs-jules\b|^jules@google\.com$/i],
  ['Amp', /@ampcode\.com$/i],
  ['OpenHands', /^openhands\b|@all-hands\.dev$/i],
  ['Windsurf', /^windsurf\b|@windsurf\.com$/i],
];

/** What stands in the list of programs for people who were named beyond those whom an event has room for. */
export function moreCoAuthors(count: number): string {
  return `${count} more co-author${count === 1 ? '' : 's'}`;
}

/** Whether an entry of the list of programs is of `moreCoAuthors`. */
export function isMoreCoAuthors(agent: string): boolean {
  return /^\d+ more co-authors?$/.test(agent);
}

const bot = /^(?:\d+\+)?([^@\s]{1,100}\[bot\])(?:@|$)/i;

/** Few people make many commits. */
const known = new Map<string, string | null>();
const mostKnown = 4096;

/** A text without characters that nobody sees, such as U+200B: with them a program would pass for somebody else. */
export function visible(text: string): string {
  return text.replace(/\p{Cf}/gu, '');
}

/** The program that a person of a commit is by name or address; null where it seems to be a human. */
export function agentNamed(person: ClaimedPerson): string | null {
  const [name, email] = [visible(person.name), visible(person.email)];
  const key = `${name}\0${email}`;
  let agent = known.get(key);
  if (agent !== undefined) return agent;
  agent = findAgent(name, email);
  if (known.size >= mostKnown) known.clear();
  known.set(key, agent);
  return agent;
}

function findAgent(name: string, email: string): string | null {
  for (const [agent, pattern] of agents)
    if (pattern.test(name) || pattern.test(email)) return agent;
  return (bot.exec(name) ?? bot.exec(email))?.[1] ?? null;
}

/** The program that a text such as `Claude Code 1.0` names: one that is known, else the text, at most 80 characters. */
export function agentInText(text: string): string {
  const bare = text.replace(/<[^<>]*>|\(https?:[^()]*\)|[[\]]/g, '').trim();
  return agentNamed({ name: bare, email: '' }) ?? [...bare].slice(0, 80).join('');
}
