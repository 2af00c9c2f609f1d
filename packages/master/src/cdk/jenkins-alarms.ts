import { Alarm, type ComparisonOperator, Metric, type TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import { ALARM_TABLE, type AlarmSubject } from '../plan/alarms.js';

export interface JenkinsAlarmsProps {
  /** Metric dimensions of what the table's rows are about. */
  readonly dimensions: Readonly<Record<AlarmSubject, Readonly<Record<string, string>>>>;
  /** Each address must confirm the mail that AWS sends. Default: none. */
  readonly emails?: readonly string[];
  /** In place of the table's own, by the row's id. Default: none. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** What must run before the alarms of the target group are made: one that rings at silence would ring at once. */
  readonly after: IDependable;
}

/**
 * Every alarm of `ALARM_TABLE`, to one topic, when it rings and when it stops.
 *
 * Cost: each alarm by the month; mails beyond the first thousand.
 */
export class JenkinsAlarms extends Construct {
  readonly topic: ITopic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { dimensions, emails = [], thresholds = {}, after }: JenkinsAlarmsProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { displayName: 'Jenkins alarms', enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    const action = new SnsAction(topic);
    this.topic = topic;
    this.alarms = ALARM_TABLE.map((row) => {
      const alarm = new Alarm(this, row.id, {
        alarmName: `${Aws.STACK_NAME}-${row.id}`,
        alarmDescription: `${row.meaning}. What to do: ${row.action}.`,
        metric: new Metric({
          namespace: row.namespace,
          metricName: row.metricName,
          statistic: row.statistic,
          period: Duration.minutes(row.periodMinutes),
          dimensionsMap: dimensions[row.subject],
        }),
        comparisonOperator: row.comparison as ComparisonOperator,
        threshold: thresholds[row.id] ?? row.threshold,
        evaluationPeriods: row.periods,
        treatMissingData: row.missingData as TreatMissingData,
      });
      // The alarms of the group name it, and so are made after it anyway.
      if (row.subject === 'target-group') alarm.node.addDependency(after);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}
