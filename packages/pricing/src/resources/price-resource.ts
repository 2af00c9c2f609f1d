import type { PricedResource, PricingContext, ResourcePricer } from '../internal/charge.js';
import type { ResourceView } from '../internal/template-view.js';
import { priceAlarm } from './alarm.js';
import { priceAutoScalingGroup } from './auto-scaling-group.js';
import { priceBucket } from './bucket.js';
import { priceCertificate } from './certificate.js';
import { priceDashboard } from './dashboard.js';
import { priceHostedZone, priceRecordSet, priceRecordSetGroup } from './dns.js';
import { priceElasticIp } from './elastic-ip.js';
import { priceFileSystem } from './file-system.js';
import { FREE_RESOURCE_TYPES } from './free-resource-types.js';
import { priceInstance } from './instance.js';
import { priceKmsKey } from './kms-key.js';
import { priceLoadBalancer } from './load-balancer.js';
import { priceLogGroup } from './log-group.js';
import { priceNatGateway } from './nat-gateway.js';
import { priceSubscription, priceTopic } from './notification.js';
import { priceParameter } from './parameter.js';
import { priceRepository } from './repository.js';
import { priceSecret } from './secret.js';
import { priceVolume } from './volume.js';
import { priceVpcEndpoint } from './vpc-endpoint.js';

const PRICERS: Readonly<Record<string, ResourcePricer>> = {
  'AWS::AutoScaling::AutoScalingGroup': priceAutoScalingGroup,
  'AWS::CertificateManager::Certificate': priceCertificate,
  'AWS::CloudWatch::Alarm': priceAlarm,
  'AWS::CloudWatch::Dashboard': priceDashboard,
  'AWS::EC2::EIP': priceElasticIp,
  'AWS::EC2::Instance': priceInstance,
  'AWS::EC2::NatGateway': priceNatGateway,
  'AWS::EC2::VPCEndpoint': priceVpcEndpoint,
  'AWS::EC2::Volume': priceVolume,
  'AWS::ECR::Repository': priceRepository,
  'AWS::EFS::FileSystem': priceFileSystem,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': priceLoadBalancer,
  'AWS::KMS::Key': priceKmsKey,
  'AWS::Logs::LogGroup': priceLogGroup,
  'AWS::Route53::HostedZone': priceHostedZone,
  'AWS::Route53::RecordSet': priceRecordSet,
  'AWS::Route53::RecordSetGroup': priceRecordSetGroup,
  'AWS::S3::Bucket': priceBucket,
  'AWS::SNS::Subscription': priceSubscription,
  'AWS::SNS::Topic': priceTopic,
  'AWS::SSM::Parameter': priceParameter,
  'AWS::SecretsManager::Secret': priceSecret,
};

/** What a resource costs. A type without a rule is not free: it becomes a charge of unknown cost. */
export function priceResource(resource: ResourceView, context: PricingContext): PricedResource {
  const pricer = Object.hasOwn(PRICERS, resource.type) ? PRICERS[resource.type] : undefined;
  if (pricer !== undefined) return pricer(resource, context);
  const free = Object.hasOwn(FREE_RESOURCE_TYPES, resource.type) ? FREE_RESOURCE_TYPES[resource.type] : undefined;
  if (free !== undefined) return { free };
  const note = 'there is no rule for what a resource of this type costs';
  return { charges: [{ what: resource.type, price: 'unknown', quantity: 1, unit: 'resource-month', note }] };
}
