import type { Unknown } from '../cost-estimate.js';
import { type Charge, type PricingContext, priceKey, type ResourcePricer, times } from '../internal/charge.js';
import { asRecord, asRecords, type Properties } from '../internal/template-view.js';

// What every gp3 volume has without an extra charge.
const GP3_IOPS = 3000;
const GP3_THROUGHPUT_MIBPS = 125;

interface VolumeRequest {
  readonly type: unknown;
  readonly sizeGiB: unknown;
  readonly iops: unknown;
  readonly throughput: unknown;
}

/** `copies` volumes of one kind: storage, and what a gp3 volume has beyond 3000 IOPS and 125 MiB/s. */
function volumeCharges({ resolver }: PricingContext, request: VolumeRequest, copies: number | Unknown): Charge[] {
  const type = resolver.text(request.type);
  const quantity = times(copies, resolver.number(request.sizeGiB));
  const storage = { what: `volume ${type ?? 'of a type not known before deployment'}`, quantity, unit: 'GB-month' };
  if (type !== 'gp3') return [{ ...storage, price: 'unknown', note: 'only gp3 volumes have a sourced price' }];
  const extra = (value: unknown, included: number): number | Unknown => {
    if (value === undefined) return 0;
    const wanted = resolver.number(value);
    return wanted === undefined ? 'unknown' : times(copies, Math.max(0, wanted - included));
  };
  const extras: Charge[] = [
    {
      what: 'volume gp3, IOPS over 3000',
      price: priceKey('ebs', 'iops', 'gp3-over-3000'),
      quantity: extra(request.iops, GP3_IOPS),
      unit: 'IOPS-month',
    },
    {
      what: 'volume gp3, throughput over 125 MiB/s',
      price: priceKey('ebs', 'throughput', 'gp3-over-125'),
      quantity: extra(request.throughput, GP3_THROUGHPUT_MIBPS),
      unit: 'MiBps-month',
    },
  ];
  const volume: Charge = { ...storage, price: priceKey('ebs', 'volume', 'gp3') };
  return [volume, ...extras.filter((charge) => charge.quantity !== 0)];
}

/** The volumes that each of `copies` instances starts with. */
export function blockDeviceCharges(context: PricingContext, mappings: unknown, copies: number | Unknown): Charge[] {
  if (!Array.isArray(mappings) || mappings.length === 0) {
    const note = 'the image decides the root volume where the template maps no block device';
    return [{ what: 'root volume of the image', price: 'unknown', quantity: 'unknown', unit: 'GB-month', note }];
  }
  return asRecords(mappings).flatMap((mapping) => {
    // A mapping without Ebs is an instance store volume or removes a device of the image: no charge of its own.
    const ebs = asRecord(mapping.Ebs);
    if (ebs === undefined) return [];
    return volumeCharges(context, fromProperties(ebs, 'VolumeSize'), copies);
  });
}

export const priceVolume: ResourcePricer = ({ properties }, context) => ({
  charges: volumeCharges(context, fromProperties(properties, 'Size'), 1),
});

function fromProperties(properties: Properties, size: 'Size' | 'VolumeSize'): VolumeRequest {
  return {
    type: properties.VolumeType,
    sizeGiB: properties[size],
    iops: properties.Iops,
    throughput: properties.Throughput,
  };
}
