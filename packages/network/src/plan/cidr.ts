/** An IPv4 network: the first address as an unsigned 32-bit number, and the prefix length in bits. */
export interface Cidr {
  readonly address: number;
  readonly prefixLength: number;
}

/** How many addresses a network of this prefix length has. */
export function addressCount(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

/** Reads `10.0.0.0/16`. `undefined` for anything else, also for a network with host bits set such as `10.0.0.1/16`. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  const prefixLength = numbers.pop() as number;
  const plain = match.slice(1).every((digits) => String(Number(digits)) === digits);
  if (!plain || prefixLength > 32 || numbers.some((octet) => octet > 255)) return undefined;
  const address = numbers.reduce((sum, octet) => sum * 256 + octet, 0);
  return address % addressCount(prefixLength) === 0 ? { address, prefixLength } : undefined;
}

/** Writes a network as `10.0.0.0/16`. */
export function formatCidr({ address, prefixLength }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefixLength}`;
}

/** Whether every address of `inner` is in `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.prefixLength <= inner.prefixLength &&
    Math.floor(inner.address / addressCount(outer.prefixLength)) ===
      Math.floor(outer.address / addressCount(outer.prefixLength))
  );
}

/** Whether two networks share an address. Networks are aligned: they overlap only when one contains the other. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return containsCidr(a, b) || containsCidr(b, a);
}

/** The ranges that AWS lets a VPC have and that no router of the internet knows: RFC 1918 and RFC 6598. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].flatMap(
  (range) => parseCidr(range) ?? [],
);

/** Whether the network lies in RFC 1918 or RFC 6598 space. */
export function isPrivateCidr(cidr: Cidr): boolean {
  return PRIVATE_RANGES.some((range) => containsCidr(range, cidr));
}
