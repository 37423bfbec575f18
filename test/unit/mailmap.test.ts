import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalEmail, parseMailmap } from '../../src/core/mailmap.js';

const map = `# Comment <c@x.example> <ana@old.example>
Ana Silva <ana@name.example>
<ana@clinic.example> <ana@home.example>
Ana Silva <ana@clinic.example> <ANA@Work.Example>
Ana Silva <ana@clinic.example> ana laptop <root@shared.example>
Ravi Rao <ravi@clinic.example> Ravi <root@shared.example>
<ops@clinic.example> <root@shared.example>
  Spaces   <spaces@clinic.example>   <spaces@old.example>   # behind
no mapping at all
<> <empty@x.example>
Only <unclosed@x.example
<one@x.example> <two@x.example>
<three@x.example> <one@x.example>
Later <later@x.example> <ana@home.example>
Nobody <nobody@x.example> <>
Tab\t<tab@x.example>\t<tab@old.example>
Carriage <cr@x.example> <cr@old.example>\r
Named Only Commit Name <namedonly@x.example>
<a@x.example> Named <b@x.example>
Proper <b@x.example>
`;

const people: readonly (readonly [name: string, email: string])[] = [
  ['Ana', 'ana@name.example'],
  ['Ana', 'ana@old.example'],
  ['x', 'ANA@home.example'],
  ['Ana', 'ana@work.example'],
  ['ana laptop', 'root@shared.example'],
  ['Ana LAPTOP', 'ROOT@shared.example'],
  ['Ravi', 'root@shared.example'],
  ['somebody', 'root@shared.example'],
  ['Spaces', 'spaces@old.example'],
  ['E', 'empty@x.example'],
  ['Only', 'unclosed@x.example'],
  ['Two', 'two@x.example'],
  ['One', 'one@x.example'],
  ['T', 'tab@old.example'],
  ['C', 'cr@old.example'],
  ['Commit Name', 'namedonly@x.example'],
  ['Named', 'b@x.example'],
  ['Other', 'b@x.example'],
  ['Unknown', 'Unknown@X.example'],
  ['constructor', '__proto__@x.example'],
];

describe('mailmap', () => {
  const parsed = parseMailmap(map);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailmap-'));
    execFileSync('git', ['init', '-q', folder]);
    writeFileSync(join(folder, '.mailmap'), map);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, email] of people) {
    it(`gives ${name} <${email}> the address that git shows`, () => {
      const shown = execFileSync('git', ['check-mailmap', `${name} <${email}>`], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      });
      const address = /<([^<>]*)>\s*$/.exec(shown)?.[1];
      assert.equal(canonicalEmail(parsed, name, email), address?.toLowerCase());
    });
  }

  it('takes a text that is no mailmap for an empty one', () => {
    assert.equal(canonicalEmail(parseMailmap(''), 'A', 'A@B.example'), 'a@b.example');
    const hostile = `${'<'.repeat(100_000)}\n${' '.repeat(100_000)}x\n${'a <b>'.repeat(50_000)}`;
    assert.equal(canonicalEmail(parseMailmap(hostile), 'A', 'a@b.example'), 'a@b.example');
  });
});
