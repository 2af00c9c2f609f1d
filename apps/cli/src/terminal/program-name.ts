/** How this program was started: what is printed for a person to type must work when it is typed. */
export function programName(): string {
  return process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'jenkins-aws';
}

/** The command line that was typed, to be typed again. */
export function resumeCommand(): string {
  const quoted = process.argv
    .slice(2)
    .map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return [programName(), ...quoted].join(' ');
}
