import type { ResourcePricer } from '../internal/charge.js';

export const priceCertificate: ResourcePricer = ({ properties }, { resolver }) => {
  const exported = properties.CertificateExport;
  const isExportable = exported !== undefined && resolver.text(exported) !== 'DISABLED';
  if (properties.CertificateAuthorityArn === undefined && !isExportable) {
    return { free: 'a public certificate that stays in AWS has no charge' };
  }
  const note = 'only public certificates that stay in AWS are free; others have no sourced price';
  return { charges: [{ what: 'certificate', price: 'unknown', quantity: 1, unit: 'certificate', note }] };
};
