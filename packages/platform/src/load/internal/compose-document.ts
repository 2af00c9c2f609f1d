import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml';

/** Deeper than any configuration, and far from where a recursive walk would exhaust the stack. */
const MAX_DEPTH = 40;

export interface ComposedDocument {
  /** Undefined when the text is nested too deeply to be composed. */
  readonly document: Document.Parsed | undefined;
  readonly lineCounter: LineCounter;
  /** Where a second document starts, if there is one. */
  readonly secondDocumentOffset: number | undefined;
}

/**
 * Text to nodes with offsets. The concrete syntax is parsed first, without recursion, so that text which is nested a
 * hundred thousand times is refused here: composing it would end the process, not throw.
 */
export function composeDocument(text: string): ComposedDocument {
  const lineCounter = new LineCounter();
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  const starts = tokens.filter((token) => token.type === 'document').map((token) => token.offset);
  const secondDocumentOffset = starts[1];
  if (isDeeperThan(tokens, MAX_DEPTH)) return { document: undefined, lineCounter, secondDocumentOffset };
  const composer = new Composer({
    // The library compares every key with every other one; duplicates are found in linear time in inspectNodes.
    uniqueKeys: false,
    prettyErrors: false,
    // Also when the text has a %YAML 1.1 directive, where `no` would be a boolean.
    schema: 'core',
    resolveKnownTags: false,
    merge: false,
  });
  const [document] = composer.compose(tokens, true, text.length);
  return { document: document as Document.Parsed | undefined, lineCounter, secondDocumentOffset };
}

function isDeeperThan(tokens: readonly CST.Token[], limit: number): boolean {
  const rest: [CST.Token | null | undefined, number][] = tokens.map((token) => [token, 0]);
  for (let entry = rest.pop(); entry !== undefined; entry = rest.pop()) {
    const [token, depth] = entry;
    if (!token) continue;
    if (depth > limit) return true;
    if (token.type === 'document') rest.push([token.value, depth]);
    if (!('items' in token)) continue;
    for (const item of token.items) rest.push([item.key, depth + 1], [item.value, depth + 1]);
  }
  return false;
}
