import assert from 'node:assert/strict';
import { parseVkey, verifyNote, type NoteKey, type VerifiedNote } from '../../src/core/noteKeys.js';
import { parseSignedNote, type SignedNote } from '../../src/core/signedNote.js';
import { signer } from '../tools/noteSigner.js';

// The example of C2SP signed-note.
const exampleKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const exampleLine =
  '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
const example = `This is an example message.\n\n${exampleLine}`;

function noteOf(text: string): SignedNote {
  const note = parseSignedNote(text);
  assert.ok(typeof note !== 'string', problemOf(note));
  return note;
}

function keyOf(vkey: string): NoteKey {
  const key = parseVkey(vkey);
  assert.ok(typeof key !== 'string', problemOf(key));
  return key;
}

function namesOf(result: readonly VerifiedNote[] | string): readonly string[] | string {
  return typeof result === 'string' ? result : result.map(({ key }) => key.name);
}

const problemOf = (result: unknown): string => (typeof result === 'string' ? result : 'none');

describe('signed notes (C2SP)', () => {
  it('verifies the example of the specification', () => {
    assert.deepEqual(namesOf(verifyNote(noteOf(example), [keyOf(exampleKey)])), [
      'example.com/foo',
    ]);
  });

  it('refuses it when one character of the text is another', () => {
    const note = noteOf(example.replace('an example', 'an Example'));
    assert.match(problemOf(verifyNote(note, [keyOf(exampleKey)])), /not good/);
  });

  it('ignores unknown keys, also with the name or the id of a known one', () => {
    const text = 'text\n';
    const [known, other] = [signer('ci', 1), signer('ci', 1)];
    const note = noteOf(`${text}\n${other.line(text)}${known.line(text)}${exampleLine}`);
    assert.deepEqual(namesOf(verifyNote(note, [keyOf(known.vkey)])), ['ci']);
    assert.deepEqual(verifyNote(note, []), []);
  });

  it('refuses all when a known key fails, whatever others say', () => {
    const text = 'text\n';
    const [good, bad] = [signer('good', 1), signer('bad', 1)];
    const note = noteOf(`${text}\n${good.line(text)}${bad.line('another\n')}`);
    assert.match(
      problemOf(
        verifyNote(
          note,
          [good, bad].map(({ vkey }) => keyOf(vkey)),
        ),
      ),
      /bad/,
    );
    assert.deepEqual(namesOf(verifyNote(note, [keyOf(good.vkey)])), ['good']);
  });

  it('verifies cosignature/v1 with its time', () => {
    const text = 'log\n1\nroot\n';
    const witness = signer('witness', 4);
    const note = noteOf(`${text}\n${witness.line(text, 1_679_315_147)}`);
    const verified = verifyNote(note, [keyOf(witness.vkey)]);
    assert.deepEqual(
      typeof verified === 'string' ? verified : verified.map(({ time }) => time),
      [1_679_315_147],
    );
  });

  it('a cosignature with another time, and one of the other kind, are not good', () => {
    const text = 'log\n1\nroot\n';
    const witness = signer('witness', 4);
    const line = witness.line(text, 5);
    const bytes = Buffer.from(line.trim().split(' ')[2]!, 'base64');
    bytes[11] = 6;
    const note = noteOf(`${text}\n\u2014 witness ${bytes.toString('base64')}\n`);
    assert.equal(typeof verifyNote(note, [keyOf(witness.vkey)]), 'string');
  });

  it('takes 16 signatures and no more', () => {
    const line = signer('ci', 1).line('t\n');
    assert.equal(noteOf(`t\n\n${line.repeat(16)}`).signatures.length, 16);
    assert.match(problemOf(parseSignedNote(`t\n\n${line.repeat(17)}`)), /more than 16/);
  });

  it('refuses what the format forbids', () => {
    const line = exampleLine;
    const wrong = [
      '',
      'text\n',
      'text\n\n',
      `text\n${line}`,
      `text\n\n${line}more`,
      `text\n\n${line.trimEnd()}`,
      `te\0xt\n\n${line}`,
      `te\rxt\n\n${line}`,
      `te\ud800xt\n\n${line}`,
      `text\n\n${line.replace('\u2014', '-')}`,
      `text\n\n${line.replace('foo', 'f+o')}`,
      `text\n\n${line.replace('foo', 'f\u00a0o')}`,
      `text\n\n${line.replace('example.com/foo', '')}`,
      `text\n\n${line.replace('=', '')}`,
      `text\n\n${line.replace('aQM=', 'aQN=')}`,
      `text\n\n\u2014 name AAAA\n`,
      `text\n\n${line.trimEnd()} more\n`,
      `${'x'.repeat(70_000)}\n\n${line}`,
    ];
    for (const note of wrong)
      assert.equal(typeof parseSignedNote(note), 'string', note.slice(0, 80));
  });

  it('the text may have empty lines', () => {
    assert.equal(noteOf(`a\n\nb\n\n${exampleLine}`).text, 'a\n\nb\n');
  });

  it('refuses keys that are none', () => {
    const [name, id, material] = exampleKey.split('+') as [string, string, string];
    const wrong = [
      '',
      name,
      `${name}+${id}`,
      `${name}+${id}+`,
      `${name}+${id.toUpperCase()}+${material}`,
      `${name}+530d903b+${material}`,
      `other+${id}+${material}`,
      `a b+${id}+${material}`,
      `${name}+${id}+${material}=`,
      `${name}+${id}+AA==`,
      `${name}+${id}+${Buffer.from('\u0006'.repeat(33)).toString('base64')}`,
      `${name}+${id}+${'A'.repeat(5000)}`,
    ];
    for (const vkey of wrong) assert.equal(typeof parseVkey(vkey), 'string', vkey.slice(0, 80));
  });
});
