import { GENERATED, importBuilt } from './built.mjs';

const page = (...parts) => `${[GENERATED, ...parts].join('\n\n')}\n`;

/** The page of who may talk to whom. */
export async function renderTalk() {
  const { renderTalkTable } = await importBuilt('packages/network');
  const text = page(
    '# Who may talk to whom',
    'The security group rules are made from this same table. What is not in it is closed.',
    renderTalkTable().trim(),
  );
  return { 'docs/reference/network-talk.md': text };
}

/** The runbook of the alarms. */
export async function renderAlarms() {
  const { renderAlarmTable } = await importBuilt('packages/master');
  const text = page(
    '# Alarms of a master',
    'Each master has these, named after its controller stack, such as `jenkins-ci-main-controller-cpu`. They go to its own SNS topic when they ring and when they stop; `masters.*.alarms.emails` says who gets them. The alarms are made from this same table.',
    renderAlarmTable().trim(),
  );
  return { 'docs/reference/alarms.md': text };
}
