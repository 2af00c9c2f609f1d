import { JENKINS_PORT } from '@jenkins-aws/core';

/** Who takes part. `users` are the ranges in the config, `internet` is any address outside. */
export type TalkParty = 'users' | 'load-balancer' | 'controller' | 'home' | 'internet';

/** How people reach the load balancer. */
export type ListenerProtocol = 'https' | 'http';

/** One row: `from` may open a TCP connection to `to` at `port`. What has no row is closed. */
export interface TalkRow {
  readonly from: TalkParty;
  readonly to: TalkParty;
  /** TCP port. */
  readonly port: number;
  /** Only with this listener. Default: always. */
  readonly listener?: ListenerProtocol;
  readonly why: string;
}

/** NFS, inside TLS. */
export const HOME_PORT = 2049;

/** The one table of who may talk to whom: the security groups and the documentation page are both made from it. */
export const TALK_TABLE: readonly TalkRow[] = [
  { from: 'users', to: 'load-balancer', port: 443, listener: 'https', why: 'the dashboard and its API' },
  { from: 'users', to: 'load-balancer', port: 80, listener: 'https', why: 'answered with a redirect to HTTPS' },
  {
    from: 'users',
    to: 'load-balancer',
    port: 80,
    listener: 'http',
    why: 'the dashboard, on an internal balancer only',
  },
  { from: 'load-balancer', to: 'controller', port: JENKINS_PORT, why: 'forwarded requests and health checks' },
  { from: 'controller', to: 'home', port: HOME_PORT, why: 'the Jenkins home on EFS, inside TLS' },
  { from: 'controller', to: 'internet', port: 443, why: 'AWS APIs, package repositories, update site, source control' },
];

/** The rows that hold for one master's listener. */
export function planTalk(listener: ListenerProtocol): readonly TalkRow[] {
  return TALK_TABLE.filter((row) => row.listener === undefined || row.listener === listener);
}

/** The table as Markdown, for the documentation. */
export function renderTalkTable(): string {
  const rows = TALK_TABLE.map(
    ({ from, to, port, listener, why }) => `| ${from} | ${to} | TCP ${port} | ${listener ?? 'always'} | ${why} |`,
  );
  return ['| from | to | port | with listener | why |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
