import { createHash } from 'node:crypto';

/** A piece of an upload. */
export interface Part {
  /** From 1. */
  readonly partNumber: number;
  readonly body: Uint8Array;
  /** Base64, as S3 takes it. */
  readonly checksum: string;
}

/** How an artifact goes to S3, and by what checksum S3 knows it afterwards. */
export interface UploadPlan {
  /** Hex. */
  readonly sha256: string;
  /** Base64; of an upload in parts S3 keeps the digest of the parts' digests, with their number. */
  readonly checksum: string;
  /** One part goes up in one request. */
  readonly parts: readonly Part[];
}

/** Parts of 8 MiB: S3 takes 5 MiB to 5 GiB, and 10,000 of them (S3 User Guide, multipart upload limits). */
const PART_BYTES = 8 * 1024 * 1024;

export function planParts(body: Uint8Array, partBytes = PART_BYTES): UploadPlan {
  const sha256 = digest(body);
  const parts: Part[] = [];
  for (let start = 0; start === 0 || start < body.byteLength; start += partBytes) {
    const piece = body.subarray(start, start + partBytes);
    parts.push({ partNumber: parts.length + 1, body: piece, checksum: digest(piece).toString('base64') });
  }
  const joined = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum, 'base64')));
  const composite = `${digest(joined).toString('base64')}-${parts.length}`;
  return {
    sha256: sha256.toString('hex'),
    checksum: parts.length === 1 ? sha256.toString('base64') : composite,
    parts,
  };
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
