/** What a metric is about; the construct knows the dimension's value. */
export type AlarmSubject = 'auto-scaling-group' | 'target-group';

/** One alarm: what it watches, when it rings, what that means and what to do. */
export interface AlarmRow {
  /** Last part of the alarm's name, e.g. `cpu` in `jenkins-ci-main-controller-cpu`. */
  readonly id: string;
  readonly subject: AlarmSubject;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum';
  readonly comparison: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /** Length of one period, at least as long as the service takes between two points. */
  readonly periodMinutes: number;
  /** It rings after this many periods in a row. */
  readonly periods: number;
  /** What silence means: `breaching` where silence is the failure. */
  readonly missingData: 'breaching' | 'notBreaching';
  readonly meaning: string;
  /** What to type or look at. */
  readonly action: string;
}

/** Every alarm of one master. The constructs and the documentation are both made from it. */
export const ALARM_TABLE: readonly AlarmRow[] = [
  {
    id: 'cpu',
    subject: 'auto-scaling-group',
    namespace: 'AWS/EC2',
    metricName: 'CPUUtilization',
    statistic: 'Average',
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 90,
    // EC2's basic monitoring has a point every five minutes.
    periodMinutes: 5,
    periods: 3,
    missingData: 'notBreaching',
    meaning: 'the controller has been busy for a quarter of an hour; pages are slow',
    action: 'look for builds on the controller itself; else choose a larger instanceType and deploy',
  },
  {
    id: 'status-check',
    subject: 'auto-scaling-group',
    namespace: 'AWS/EC2',
    metricName: 'StatusCheckFailed',
    statistic: 'Maximum',
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    periodMinutes: 1,
    periods: 2,
    missingData: 'notBreaching',
    meaning: 'AWS cannot reach the instance or its host is failing',
    action: 'nothing: the group replaces it; run jenkins-aws status to watch',
  },
  {
    id: 'unhealthy-target',
    subject: 'target-group',
    namespace: 'AWS/ApplicationELB',
    metricName: 'UnHealthyHostCount',
    statistic: 'Maximum',
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    periodMinutes: 1,
    periods: 5,
    missingData: 'notBreaching',
    meaning: 'the instance runs, but Jenkins does not answer 200 on /login',
    action: 'read the log group of the controller; a configuration error keeps Jenkins at 500 until it is mended',
  },
  {
    id: 'no-controller',
    subject: 'target-group',
    namespace: 'AWS/ApplicationELB',
    metricName: 'HealthyHostCount',
    statistic: 'Maximum',
    comparison: 'LessThanThreshold',
    threshold: 1,
    periodMinutes: 1,
    periods: 10,
    missingData: 'breaching',
    meaning: 'no healthy controller for ten minutes: a replacement should have taken over by now',
    action: 'run jenkins-aws status; then look at the activities of the group and at the boot log in the log group',
  },
];

/** The table as Markdown, for the runbook page. */
export function renderAlarmTable(): string {
  const rows = ALARM_TABLE.map((alarm) => {
    const { id, namespace, metricName, statistic, comparison, threshold, periodMinutes, periods, meaning, action } =
      alarm;
    const sign = comparison === 'LessThanThreshold' ? '<' : '≥';
    return `| \`${id}\` | ${namespace} ${metricName} ${statistic} ${sign} ${threshold} for ${periodMinutes * periods} min | ${meaning} | ${action} |`;
  });
  return ['| alarm | rings when | what it means | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
