import { type PricingContext, priceKey, type ResourcePricer } from '../internal/charge.js';
import { asRecord, asRecords, type Properties } from '../internal/template-view.js';

const SECONDS_OF_STANDARD = 60;

/** An alarm is charged for each metric that it watches; periods under a minute make it high resolution. */
export const priceAlarm: ResourcePricer = ({ properties }, context) => {
  if (properties.ThresholdMetricId !== undefined) {
    const note = 'an alarm on an anomaly band has no sourced price';
    return { charges: [{ what: 'anomaly alarm', price: 'unknown', quantity: 1, unit: 'alarm-month', note }] };
  }
  const { quantity, periods } = watched(context, properties);
  if (periods.includes(undefined)) {
    const note = 'whether the alarm is high resolution is not known before deployment';
    return { charges: [{ what: 'alarm', price: 'unknown', quantity, unit: 'alarm-month', note }] };
  }
  const high = periods.some((period) => period !== undefined && period < SECONDS_OF_STANDARD);
  const price = priceKey('cloudwatch', 'alarm', high ? 'high-resolution' : 'standard');
  return { charges: [{ what: high ? 'alarm, high resolution' : 'alarm', price, quantity, unit: 'alarm-month' }] };
};

function watched({ resolver }: PricingContext, properties: Properties) {
  const statistics = asRecords(properties.Metrics)
    .map((query) => asRecord(query.MetricStat))
    .filter((statistic) => statistic !== undefined);
  if (statistics.length === 0) return { quantity: 1, periods: [resolver.number(properties.Period)] };
  return { quantity: statistics.length, periods: statistics.map((statistic) => resolver.number(statistic.Period)) };
}
