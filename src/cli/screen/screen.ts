/** The screen of a command that follows: lines that stay, and below them some that change in place. */
import { createLogUpdate } from 'log-update';
import { cleanText } from '../../present/clean.js';

export interface Screen {
  /** Prints lines to stay. */
  print(lines: readonly string[]): void;
  /** Replaces the lines that change. Without a terminal they are not shown. */
  live(lines: readonly string[]): void;
  size(): { columns: number; rows: number };
  /** Takes the changing lines away. */
  end(): void;
}

/** On standard error: standard output is for data. */
export function openScreen(stream: NodeJS.WriteStream = process.stderr): Screen {
  return stream.isTTY ? terminalScreen(stream) : plainScreen(stream);
}

function plainScreen(stream: NodeJS.WriteStream): Screen {
  return {
    print(lines) {
      for (const line of lines) stream.write(`${cleanText(line)}\n`);
    },
    live() {},
    size: () => ({ columns: 80, rows: 24 }),
    end() {},
  };
}

function terminalScreen(stream: NodeJS.WriteStream): Screen {
  const update = createLogUpdate(stream);
  let shown: readonly string[] = [];
  const draw = () => {
    if (shown.length > 0) update(shown.map(cleanText).join('\n'));
  };
  return {
    print(lines) {
      if (lines.length === 0) return;
      update.clear();
      stream.write(lines.map((line) => `${cleanText(line)}\n`).join(''));
      draw();
    },
    live(lines) {
      if (lines.length === 0) update.clear();
      shown = lines;
      draw();
    },
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    end() {
      update.clear();
      shown = [];
      // Shows the cursor again.
      update.done();
    },
  };
}
