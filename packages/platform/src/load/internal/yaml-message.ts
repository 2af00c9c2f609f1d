import type { YAMLError } from 'yaml';

const OWN: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'tabs must not indent YAML; use spaces',
  BLOCK_AS_IMPLICIT_KEY: "a value must not hold another 'key: value' on its line; put text with a colon in quotes",
  BAD_SCALAR_START: 'text that starts with @ or ` must stand in quotes',
  MULTILINE_IMPLICIT_KEY: "expected 'key: value'; is a colon or the space after it missing?",
  BAD_DIRECTIVE: 'a configuration needs no % directive; remove it',
};

/** The parser's error in our words; where we have none, in its own. */
export function yamlMessage(error: YAMLError, text: string): string {
  const tag =
    error.code === 'TAG_RESOLVE_FAILED' ? /^!\S{0,40}/.exec(text.slice(error.pos[0], error.pos[1]))?.[0] : undefined;
  if (tag !== undefined) return `the tag ${tag} is not known; remove it`;
  const own = OWN[error.code];
  if (own !== undefined) return own;
  if (/same column/.test(error.message)) return 'the entries of one mapping or list must start at the same column';
  const closing = /^Flow (?:map|sequence).* end with a ([\]}])/.exec(error.message)?.[1];
  if (closing !== undefined)
    return `a ${closing === '}' ? '{' : '['} has no ${closing} after it, or stands less indented than its key`;
  if (error.message.startsWith('Missing closing'))
    return `text in quotes has no ${error.message.slice(16, 17)} at its end`;
  const [line = ''] = error.message.split('\n');
  return `is not valid YAML: ${line.charAt(0).toLowerCase()}${line.slice(1)}`;
}
