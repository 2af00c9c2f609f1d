/** How this program was started: what is printed for a person to type must work when it is typed. */
export function programName(): string {
  return process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'jenkins-aws';
}

/**
 * What to type to go on: the same again. A saved plan does not hold any more once a part of it is done: what is left is
 * reviewed anew.
 */
export function resumeCommand(): string {
  const words = process.argv.slice(2);
  const plan = words.indexOf('--plan');
  if (words[0] === 'deploy' && plan > 0) words.splice(plan, 2);
  return [programName(), ...words.map(quote)].join(' ');
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
