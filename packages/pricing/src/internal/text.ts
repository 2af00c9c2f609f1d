const LARGEST_PLAIN_NUMBER = 1e15;

/** One line of at most `width` characters. Control characters, which a terminal would obey, become `?`. */
export function clip(text: string, width: number): string {
  const line = printable(text);
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** Lines of at most `width` characters, broken at spaces; the first begins with `start`, the others below it. */
export function wrap(text: string, width: number, start = ''): readonly string[] {
  const room = width - start.length;
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text)
    .split(' ')
    .flatMap((part) => chunks(part, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((part, index) => (index === 0 ? start : ' '.repeat(start.length)) + part);
}

/** At most nine decimals, never in the form 2e-7; `unknown` as it is. */
export function decimal(value: number | 'unknown'): string {
  if (value === 'unknown' || value >= LARGEST_PLAIN_NUMBER) return String(value);
  return value.toFixed(9).replace(/\.?0+$/, '');
}

/** Dollars with two decimals. */
export function amount(value: number): string {
  return value >= LARGEST_PLAIN_NUMBER ? String(value) : value.toFixed(2);
}

function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, '?');
}

function chunks(word: string, size: number): readonly string[] {
  if (word.length <= size) return [word];
  return [word.slice(0, size), ...chunks(word.slice(size), size)];
}
