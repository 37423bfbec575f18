import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deploymentReasonText, reasonText, reasonTexts } from '../../src/core/reasons.js';
import { projectRoot } from '../tools/paths.js';

const extension = path.join(projectRoot, 'src/extension');
const textOf = (file: string): string => readFileSync(path.join(extension, file), 'utf8');

describe('why a deployment is refused', () => {
  it('says of approvers nothing that the deployer would take for themselves', () => {
    const ofApprovers = Object.keys(reasonTexts).filter((code) => code.startsWith('approver.'));
    assert.ok(ofApprovers.length > 3);
    for (const code of ofApprovers) {
      assert.match(deploymentReasonText(code), /^an approval does not count: /);
      assert.notEqual(deploymentReasonText(code), reasonText(code));
    }
    assert.equal(deploymentReasonText('deployer.role'), reasonText('deployer.role'));
  });

  it('is said so wherever the editor tells it', () => {
    const deploying = readdirSync(path.join(extension, 'deploy')).map((file) => `deploy/${file}`);
    const files = [...deploying, 'commands/deploy.ts'];
    assert.deepEqual(
      files.filter((file) => /\breasonWords\b(?!\.js)/.test(textOf(file))),
      [],
    );
    const tell = files.filter((file) => textOf(file).includes('deploymentReasonWords'));
    assert.deepEqual(tell, ['deploy/pickEnvironment.ts', 'deploy/refused.ts']);
    assert.match(
      textOf('notices/showError.ts'),
      /'deployment\.refused' \? deploymentReasonWords : reasonWords/,
    );
  });
});
