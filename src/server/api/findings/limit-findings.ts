import type { DeliveriesAnswer } from '../contract.js';
import { problem, type Remark } from './finding.js';

/** Says when deliveries of a source were refused because it had sent more than its limit. */
export function limitFindings(name: string, { limited }: Pick<DeliveriesAnswer, 'limited'>): Remark[] {
  if (!limited) return [];
  const { count, last } = limited;
  return [
    problem(
      `${count} of its deliveries ${count === 1 ? 'was' : 'were'} answered 429, the last at ${new Date(last).toISOString()}: it sends more than its limit`,
      `raise sources.${name}.limit, or have it send less; what a provider lists as failed comes back by itself, or by npx hookyard reconcile`,
    ),
  ];
}
