import { findDigests } from './artifact-key.js';

/** What a prune looks at. */
export interface StoredArtifact {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly uploadedAt: Date;
}

export interface PrunePlanOptions<Stored extends StoredArtifact> {
  readonly artifacts: readonly Stored[];
  /** Whatever may name an artifact by its digest: templates, parameters and outputs of live stacks, records. */
  readonly texts: readonly string[];
  /** What was uploaded after this moment stays, named or not. */
  readonly keepUploadedSince: Date;
}

export interface PrunePlan<Stored extends StoredArtifact> {
  readonly keep: readonly Stored[];
  readonly remove: readonly Stored[];
}

/** Which artifacts may go: those that no text names and that were there before the given moment. */
export function planPrune<Stored extends StoredArtifact>(options: PrunePlanOptions<Stored>): PrunePlan<Stored> {
  const named = new Set(options.texts.flatMap(findDigests));
  const keep: Stored[] = [];
  const remove: Stored[] = [];
  for (const artifact of options.artifacts) {
    const stays = named.has(artifact.sha256) || artifact.uploadedAt >= options.keepUploadedSince;
    (stays ? keep : remove).push(artifact);
  }
  return { keep, remove };
}
