/** Under which every artifact lies, named by its content. */
export const ARTIFACT_PREFIX = 'artifacts/sha256/';

/** The object of an artifact, e.g. `artifacts/sha256/<64 hex digits>.zip`. */
export function artifactKey(sha256: string, extension = ''): string {
  return `${ARTIFACT_PREFIX}${sha256}${extension}`;
}

/** The digest in a key; undefined for an object that is no artifact. */
export function digestOfKey(key: string): string | undefined {
  return /^artifacts\/sha256\/([0-9a-f]{64})(?![0-9a-f])/.exec(key)?.[1];
}

/** Every SHA-256 digest that a text names, whatever is around it: a template, a parameter, a URL. */
export function findDigests(text: string): readonly string[] {
  return text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
}

/** Every artifact that a text names by its key, each once. */
export function findArtifactKeys(text: string): readonly string[] {
  return [...new Set(text.match(/artifacts\/sha256\/[0-9a-f]{64}(?:\.[\w.]*\w)?/g) ?? [])].sort();
}
