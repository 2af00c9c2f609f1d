import { type Charge, type PricingContext, priceKey, type ResourcePricer, usageCharge } from '../internal/charge.js';
import { asRecords } from '../internal/template-view.js';

// These carry a message to another AWS service for nothing beyond what that service charges.
const FREE_PROTOCOLS = new Set(['lambda', 'sqs']);

function subscriptionCharge(context: PricingContext, protocolValue: unknown): Charge | undefined {
  const protocol = context.resolver.text(protocolValue);
  if (FREE_PROTOCOLS.has(protocol ?? '')) return undefined;
  const isEmail = protocol === 'email' || protocol === 'email-json';
  if (isEmail) {
    const price = priceKey('sns', 'notification', 'email');
    return usageCharge(context, 'notificationEmails', { what: 'SNS e-mail', price, unit: 'notification' });
  }
  const note = `only e-mail subscriptions have a sourced price, not ${protocol ?? 'one that is not known yet'}`;
  return { what: 'SNS subscription', price: 'unknown', quantity: 'unknown', unit: 'notification', note };
}

export const priceSubscription: ResourcePricer = ({ properties }, context) => {
  const charge = subscriptionCharge(context, properties.Protocol);
  return charge === undefined ? { free: 'SNS delivers to Lambda and SQS without a charge' } : { charges: [charge] };
};

export const priceTopic: ResourcePricer = ({ properties }, context) => {
  const charges = asRecords(properties.Subscription).flatMap(
    (subscription) => subscriptionCharge(context, subscription.Protocol) ?? [],
  );
  return charges.length === 0 ? { free: 'a topic is charged through its subscriptions' } : { charges };
};
