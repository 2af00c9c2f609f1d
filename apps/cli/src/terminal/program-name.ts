/** How this program was started: what is printed for a person to type must work when it is typed. */
export function programName(): string {
  return process.env.npm_lifecycle_event === 'start' ? 'npm start --' : 'jenkins-aws';
}
