import type { ResourcePricer } from '../internal/charge.js';
import { publicAddressCharge } from './public-address.js';

export const priceElasticIp: ResourcePricer = (_resource, context) => ({ charges: [publicAddressCharge(context, 1)] });
