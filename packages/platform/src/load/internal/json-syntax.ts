export interface JsonSyntaxError {
  readonly offset: number;
  readonly message: string;
}

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses them in text
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

type Expect = 'value' | 'value-or-]' | 'key' | 'key-or-}' | ':' | ',-or-}' | ',-or-]' | 'end';

const WANTED: Record<Expect, string> = {
  value: 'a value',
  'value-or-]': "a value or ']'",
  key: 'a key in double quotes (a comma before the end is not allowed)',
  'key-or-}': "a key in double quotes or '}'",
  ':': "':' after the key",
  ',-or-}': "',' or '}'",
  ',-or-]': "',' or ']'",
  end: 'the end of the file',
};

/**
 * Where a text stops being JSON, or undefined when it is JSON. `JSON.parse` does not tell the place of every error
 * on every Node version. No recursion: the nesting of foreign text must not exhaust the stack.
 */
export function findJsonSyntaxError(text: string): JsonSyntaxError | undefined {
  const open: ('{' | '[')[] = [];
  let offset = 0;
  let expect: Expect = 'value';

  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    offset = pattern.lastIndex;
    return true;
  };
  const afterValue = (): Expect => {
    const top = open.at(-1);
    return top === undefined ? 'end' : top === '{' ? ',-or-}' : ',-or-]';
  };
  const next = (): Expect | undefined => {
    const character = text[offset];
    if ((expect === 'key-or-}' || expect === ',-or-}') && character === '}') return close();
    if ((expect === 'value-or-]' || expect === ',-or-]') && character === ']') return close();
    if (expect === 'key' || expect === 'key-or-}') return take(STRING) ? ':' : undefined;
    if (expect === ':') return character === ':' ? step('value') : undefined;
    if (expect === ',-or-}') return character === ',' ? step('key') : undefined;
    if (expect === ',-or-]') return character === ',' ? step('value') : undefined;
    if (character === '{' || character === '[') {
      open.push(character);
      return step(character === '{' ? 'key-or-}' : 'value-or-]');
    }
    return take(STRING) || take(LITERAL) ? afterValue() : undefined;
  };
  const step = (following: Expect): Expect => {
    offset += 1;
    return following;
  };
  const close = (): Expect => {
    open.pop();
    offset += 1;
    return afterValue();
  };

  for (;;) {
    take(SPACE);
    if (expect === 'end' && offset === text.length) return undefined;
    const following: Expect | undefined = expect === 'end' ? undefined : next();
    if (following === undefined) return { offset, message: describe(text, offset, expect) };
    expect = following;
  }
}

function describe(text: string, offset: number, expect: Expect): string {
  const character = text[offset];
  if (character === '"' && (expect === 'value' || expect === 'value-or-]' || expect.startsWith('key'))) {
    return 'text in double quotes must end on its line and use only the escapes of JSON';
  }
  const found =
    character === undefined
      ? 'the end of the file'
      : `'${/^[\w.+-]{1,20}/.exec(text.slice(offset, offset + 20))?.[0] ?? character}'`;
  if (character === '/' || character === '#') return 'JSON has no comments; remove it, or use a .yaml file';
  return `expected ${WANTED[expect]}, got ${found}`;
}
