/** Where prices come from. */
export interface PriceSource {
  /** Repository or page. */
  readonly name: string;
  /** What was taken from it. */
  readonly what: string;
  /** The days that its prices are from, `YYYY-MM-DD`. */
  readonly dates: readonly string[];
  /** Under which licence it was published, as far as it says. */
  readonly licence: string;
  /** The repository's commit that was read. Default: not a repository. */
  readonly commit?: string;
}

/** Prices that share service, item, unit, source and date. */
export interface PriceGroup {
  readonly service: string;
  readonly item: string;
  /** What one price buys, e.g. `hour`, `GB-month`, `10k-requests`. AWS's GB is 2^30 bytes. */
  readonly unit: string;
  /** Key of {@link PriceTable.sources}, then `#` and the part of the source, where it has parts. */
  readonly source: string;
  /** Day that the prices are from, `YYYY-MM-DD`. */
  readonly date: string;
  /** `low` where the source is a third party's page. Default: the source is, or copies, AWS's own figure. */
  readonly confidence?: string;
  /** Region names, or `any` and `global` for what has one price in all regions of the partition `aws`. */
  readonly regions: readonly string[];
  /** By key, one USD price for each of `regions`; null where none was found. */
  readonly prices: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface PriceTable {
  /** Day that the table was compiled, `YYYY-MM-DD`. */
  readonly date: string;
  readonly currency: 'USD';
  readonly sources: Readonly<Record<string, PriceSource>>;
  readonly groups: readonly PriceGroup[];
}
