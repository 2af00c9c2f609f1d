/** The name by which policies know a service. It is the same in every partition, unlike the domain of its endpoints. */
export function servicePrincipal(service: string): string {
  return `${service}.${SUFFIX}`;
}

const SUFFIX = 'amazonaws.com';
