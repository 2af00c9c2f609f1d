import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';

/** More values than any configuration has, also after aliases are expanded: what follows stays fast. */
const MAX_VALUES = 50_000;

/** A value of the text and where it stands. */
export interface Place {
  readonly value: unknown;
  readonly offset: number;
  /** Where its key starts, for a value of a mapping. */
  readonly keyOffset: number | undefined;
  /** A number as it is written, e.g. `2.550`, which as a value has lost its zero. */
  readonly source: string | undefined;
  readonly children: ReadonlyMap<string | number, Place>;
  /** Values in it, itself included, aliases expanded. */
  readonly size: number;
}

export interface PlaceProblem {
  readonly kind: 'duplicate-key' | 'syntax' | 'too-large';
  readonly offset: number;
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface PlacesResult {
  readonly root: Place;
  readonly problems: readonly PlaceProblem[];
}

/** Nodes to plain values with places; finds duplicate keys, keys that are no text, and aliases that lead nowhere. */
export function readPlaces(document: Document.Parsed): PlacesResult {
  const problems: PlaceProblem[] = [];
  const anchors = new Map<string, Place | 'open'>();
  type Path = readonly (string | number)[];

  const problem = (kind: PlaceProblem['kind'], node: Node | null, path: Path, message: string): void => {
    problems.push({ kind, offset: start(node) ?? 0, path, message });
  };

  const read = (node: Node | null, path: Path, keyOffset?: number): Place => {
    if (isAlias(node)) return readAlias(node.source, node, path, keyOffset);
    const anchor = node !== null && 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, 'open');
    const place = readCollection(node, path, keyOffset);
    if (anchor !== undefined) anchors.set(anchor, place);
    return place;
  };

  const readAlias = (name: string, node: Node, path: Path, keyOffset?: number): Place => {
    const target = anchors.get(name);
    if (target !== undefined && target !== 'open') return { ...target, offset: start(node) ?? 0, keyOffset };
    problem(
      'syntax',
      node,
      path,
      target ? `the alias *${name} holds itself` : `the alias *${name} has no &${name} before it`,
    );
    return leaf(null, start(node) ?? 0, keyOffset);
  };

  const readCollection = (node: Node | null, path: Path, keyOffset?: number): Place => {
    const offset = start(node) ?? keyOffset ?? 0;
    const children = new Map<string | number, Place>();
    if (isMap<Node, Node | null>(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? keyText(key) : undefined;
        if (name === undefined) {
          problem('syntax', key, path, 'a key must be text');
          continue;
        }
        const keyPath = [...path, name];
        if (children.has(name))
          problem('duplicate-key', key, keyPath, 'is given twice in one mapping; keep one of them');
        children.set(name, read(value, keyPath, start(key)));
      }
      // `fromEntries` makes an own property even of `__proto__`.
      return collection(
        Object.fromEntries([...children].map(([key, child]) => [key, child.value])),
        offset,
        keyOffset,
        children,
      );
    }
    if (isSeq<Node | null>(node)) {
      node.items.forEach((item, index) => {
        children.set(index, read(item, [...path, index]));
      });
      return collection(
        [...children.values()].map((child) => child.value),
        offset,
        keyOffset,
        children,
      );
    }
    const scalar = isScalar(node) ? node : undefined;
    const isEmpty = scalar === undefined || (scalar.value === null && scalar.source === '');
    const source = typeof scalar?.value === 'number' ? scalar.source : undefined;
    return leaf(scalar?.value ?? null, isEmpty ? (keyOffset ?? offset) : offset, keyOffset, source);
  };

  const root = read(document.contents, []);
  if (root.size > MAX_VALUES) {
    problem(
      'too-large',
      document.contents,
      [],
      `must hold at most ${MAX_VALUES} values with aliases expanded, got ${root.size}`,
    );
  }
  return { root, problems };
}

function collection(
  value: unknown,
  offset: number,
  keyOffset: number | undefined,
  children: ReadonlyMap<string | number, Place>,
): Place {
  let size = 1;
  for (const child of children.values()) size += child.size;
  return { value, offset, keyOffset, source: undefined, children, size };
}

function leaf(value: unknown, offset: number, keyOffset?: number, source?: string): Place {
  return { value, offset, keyOffset, source, children: new Map(), size: 1 };
}

function start(node: Node | null): number | undefined {
  return node?.range?.[0];
}

function keyText(key: Scalar): string | undefined {
  if (typeof key.value === 'string') return key.value;
  return key.value === null ? undefined : (key.source ?? String(key.value));
}

/** The place at `path`, or of the nearest thing around it that the text has. */
export function nearestPlace(root: Place, path: readonly PropertyKey[]): { place: Place; found: boolean } {
  let place = root;
  for (const segment of path) {
    const child = place.children.get(typeof segment === 'symbol' ? segment.toString() : segment);
    if (child === undefined) return { place, found: false };
    place = child;
  }
  return { place, found: true };
}
