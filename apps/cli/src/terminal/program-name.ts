/** How this program was started: what is printed for a person to type must work when it is typed. */
export function programName(): string {
  return process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'jenkins-aws';
}

/**
 * What to type to go on: the same again. A saved plan does not hold any more once a part of it is done: what is left is
 * planned, looked at and deployed anew.
 */
export function resumeCommand(words: readonly string[] = process.argv.slice(2)): string {
  const [plan, rest] = takeOption(words, '--plan');
  const file = plan[0];
  if (words[0] !== 'deploy' || file === undefined) return line(words);
  const [, planWords] = takeOption(
    rest.slice(1).filter((word) => word !== '--yes'),
    '--remove-master',
  );
  const planAgain = line(['plan', '--save', file, ...planWords]);
  return `${planAgain}, look at what is left, then ${line(['deploy', '--plan', file, ...rest.slice(1)])}`;
}

/** The same command with these values of an option, whatever it had before. */
export function commandWith(
  option: string,
  values: readonly string[],
  words: readonly string[] = process.argv.slice(2),
): string {
  const [, rest] = takeOption(words, option);
  return line([...rest, option, ...values]);
}

/** The values of an option, `--option a b` or `--option=a`, and the words without it. */
function takeOption(words: readonly string[], option: string): [values: string[], rest: string[]] {
  const values: string[] = [];
  const rest: string[] = [];
  let inside = false;
  for (const word of words) {
    if (word.startsWith(`${option}=`)) values.push(word.slice(option.length + 1));
    else if (inside && !word.startsWith('-')) values.push(word);
    else if (word !== option) rest.push(word);
    inside = word === option || (inside && !word.startsWith('-'));
  }
  return [values, rest];
}

function line(words: readonly string[]): string {
  return [programName(), ...words.map(quote)].join(' ');
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
