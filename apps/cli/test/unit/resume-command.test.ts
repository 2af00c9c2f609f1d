import { describe, expect, it } from 'vitest';
import { commandWith, resumeCommand } from '../../src/terminal/program-name.js';

describe('resumeCommand', () => {
  it('is the same again, in words that a shell takes as they were', () => {
    expect(resumeCommand(['deploy', '--yes', '-c', 'my file.yaml'])).toBe("jenkins-aws deploy --yes -c 'my file.yaml'");
    expect(resumeCommand(['destroy', '--delete-data', 'ci'])).toBe('jenkins-aws destroy --delete-data ci');
  });

  it.each([
    [['deploy', '--plan', 'p.json', '--yes', '-c', 'x.yaml']],
    [['deploy', '--plan=p.json', '--yes', '-c', 'x.yaml']],
    [['deploy', '--yes', '-c', 'x.yaml', '--plan', 'p.json']],
  ])('is a new plan where a part of a saved one may be done, never a deploy that nobody looked at: %j', (words) => {
    expect(resumeCommand(words)).toBe(
      'jenkins-aws plan --save p.json -c x.yaml, look at what is left, then jenkins-aws deploy --plan p.json --yes -c x.yaml',
    );
  });
});

describe('commandWith', () => {
  it('replaces what the option had before', () => {
    const words = ['deploy', '--remove-master', 'a', 'b', '--yes', '--remove-master=c'];
    expect(commandWith('--remove-master', ['x', 'y'], words)).toBe('jenkins-aws deploy --yes --remove-master x y');
  });
});
