import type { UsageAssumptionName } from './usage-assumptions.js';

/** What is not known, and is not guessed. */
export type Unknown = 'unknown';

/** One line of an estimate: `quantity` × `unitPrice` = `monthlyCost`, in USD. */
export interface CostLine {
  /** Name of the template that the line comes from. */
  readonly stack: string;
  /** The resources that the line is for, by their ids in the template. */
  readonly logicalIds: readonly string[];
  /** In plain words, e.g. `instance m7i.large`. */
  readonly what: string;
  /** `fixed`: follows from the template. `usage`: follows from `assumption`. */
  readonly kind: 'fixed' | 'usage';
  /** The assumption that a usage line depends on. */
  readonly assumption?: UsageAssumptionName;
  /** In `unit`, to the millionth. */
  readonly quantity: number | Unknown;
  /** Singular, e.g. `hour`, `GB-month`. AWS's GB is 2^30 bytes. */
  readonly unit: string;
  /** USD for one `unit`, to the billionth. */
  readonly unitPrice: number | Unknown;
  /** USD a month, rounded half up to a cent. */
  readonly monthlyCost: number | Unknown;
  /** Where the price is from: a key of the price table's sources, with the part after `#`. */
  readonly source: string | Unknown;
  /** Day that the price is from, `YYYY-MM-DD`. */
  readonly sourceDate: string | Unknown;
  /** Why something is unknown, or what else to know. */
  readonly note?: string;
}

/** Resources without a charge of their own. */
export interface FreeResources {
  /** The resource type, e.g. `AWS::EC2::Subnet`. */
  readonly type: string;
  readonly reason: string;
  readonly count: number;
}

/** An assumption that at least one line of the estimate rests on. */
export interface UsedAssumption {
  readonly name: UsageAssumptionName;
  readonly value: number;
  readonly unit: string;
  readonly description: string;
  /** Whether `value` is the default. */
  readonly isDefault: boolean;
}

export interface CostEstimate {
  readonly currency: 'USD';
  readonly region: string;
  /** Day that the price table was compiled, `YYYY-MM-DD`. Each line has the day of its own price. */
  readonly tableDate: string;
  readonly lines: readonly CostLine[];
  /** Sum of the lines that are known, in USD: of the rounded lines, so that the printed column adds up. */
  readonly totalMonthly: number;
  /** How many lines have an unknown cost, which is not in the total. */
  readonly unknownCount: number;
  readonly free: readonly FreeResources[];
  readonly assumptions: readonly UsedAssumption[];
}
