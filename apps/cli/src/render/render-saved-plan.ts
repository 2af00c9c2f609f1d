import type { PlanOptions } from '../commands/plan.js';
import type { SavedPlanResult } from '../commands/save-plan.js';
import { programName } from '../terminal/program-name.js';
import { renderReview } from './render-review.js';

/** What a saved plan holds, what it cannot know, and how it is executed. */
export function renderSavedPlan({ review }: SavedPlanResult, file: string, options: PlanOptions): string {
  const words = [
    ...(options.config === undefined ? [] : ['-c', options.config]),
    ...(options.emulator ? ['--emulator'] : []),
    ...(options.roleArn === undefined ? [] : ['--role-arn', options.roleArn]),
  ];
  const deploy = [programName(), 'deploy', '--plan', file, ...words].join(' ');
  if (review !== undefined) return [renderReview(review), `To execute exactly this: ${deploy}`].join('\n\n');
  const unknown = [
    'This plan was made without an account. It holds what shall be, and refuses when the config says something else by then.',
    'It does not know what is there: which stacks exist, which of their resources change or are replaced, whether the',
    'zones, machine images and certificates exist, and which masters’ stacks are removed. The deploy shows that and asks.',
  ].join('\n');
  return [unknown, `To review it in the account and execute it after your yes: ${deploy}`].join('\n\n');
}
