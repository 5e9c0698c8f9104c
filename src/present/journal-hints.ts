/** What a person can type about a journal's entry: apart from its sentences, for screens that have buttons. Pure. */
import type { JournalEntry } from '../domain/journal/entries.js';
import { budgetGate } from '../domain/money/budget.js';
import type { Reason } from '../domain/reasons.js';
import { isSaidByGate, type MessageContext } from './journal-lines.js';
import { reasonHints } from './reasons.js';

/** Lines that follow the entry's own; none for most. */
export function eventHints(
  entry: JournalEntry,
  { feature, view }: Pick<MessageContext, 'feature' | 'view'>,
): string[] {
  const reasonHintLines = (reason: Reason): string[] => indented(reasonHints(reason, { feature }));
  switch (entry.kind) {
    case 'plan':
      return entry.edited === true
        ? []
        : [`  Go on with \`blueprint run ${feature}\`, or with \`blueprint\` to decide by hand.`];
    case 'gate-opened': {
      const { gate, reason } = entry.gate;
      const hints = reasonHintLines(reason);
      // Nobody passes it by saying so.
      if (gate === budgetGate) return hints;
      return [
        ...hints,
        `  blueprint approve ${feature} ${gate}   or   blueprint reject ${feature} ${gate} -m TEXT`,
      ];
    }
    case 'rewound':
      return [`  Forward again: blueprint rewind ${feature} --to rewound/${entry.number}`];
    case 'waiting':
      return isSaidByGate(entry, view) ? [] : reasonHintLines(entry.reason);
    case 'ignored':
    case 'warning':
    case 'error':
      return reasonHintLines(entry.reason);
    case 'task':
    case 'phase':
      return entry.reason === undefined ? [] : reasonHintLines(entry.reason);
    default:
      return [];
  }
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
