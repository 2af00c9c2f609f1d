import type { ResolvedAccessOptions } from '../options/access-options.js';

/** Which listener the load balancer gets. */
export function listenerOf(access: ResolvedAccessOptions): 'https' | 'http' {
  return access.plainHttp === undefined ? 'https' : 'http';
}

/** Jenkins' address: the domain name where there is one, else the load balancer's own name. */
export function urlOf(access: ResolvedAccessOptions, loadBalancerDnsName: string): string {
  return `${listenerOf(access)}://${access.domainName ?? loadBalancerDnsName}/`;
}
