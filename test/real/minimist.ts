/** JavaScript: minimist parses arguments. Options that are counted, and options that are always lists. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceArchive } from '../support/source-archives.js';
import { edited, type RealProject } from './feature.js';

export const archive: SourceArchive = {
  manager: 'npm',
  name: 'minimist',
  version: '1.2.8',
  hash: '2yyAR8qBkN3YuheJanUpWC5U3bb5osDywNB8RzDVlDwDHbocAJveqqj1u8+SVD7jkWT4yvsHCpWqqWqAxb0zCA==',
};

const unknownFn = '\t\tunknownFn: null,\n';
const aliases = '\tvar aliases = {};\n';
const counts = '\t\tcounts: {},\n';
const arrays = '\t\tarrays: {},\n';
const readCounts = `\t[].concat(opts.count).filter(Boolean).forEach(function (key) {
		flags.bools[key] = true;
		flags.counts[key] = true;
	});

`;
const readArrays = `\t[].concat(opts.array).filter(Boolean).forEach(function (key) {
		flags.arrays[key] = true;
	});

`;
const value = '\t\tvar value = !flags.strings[key] && isNumber(val)\n';
const countIf = (condition: string) => `\t\tif (${condition}) {
			argv[key] = val === false ? 0 : (argv[key] || 0) + 1;
			return;
		}

`;
const setKey = "\t\tsetKey(argv, key.split('.'), value);\n";
const setList = `\t\tvar isFirst = flags.arrays[key] === true && !hasKey(argv, key.split('.'));
		setKey(argv, key.split('.'), isFirst ? [value] : value);
`;
const counted = countIf('flags.counts[key] === true');
const known = '\t\t\t|| flags.bools[key]\n';
const isUnknown = '\t\tif (arg && flags.unknownFn && !argDefined(key, arg)) {\n';
const documented = '* `opts.alias` - an object';

const countTest = `'use strict';

var parse = require('../');
var test = require('tape');

test('counted options', function (t) {
	t.deepEqual(parse(['-vvv', 'x', '--verbose'], { count: ['v', 'verbose'] }), { v: 3, verbose: 1, _: ['x'] });
	t.deepEqual(parse(['-v', '--no-v'], { count: 'v' }), { v: 0, _: [] });
	t.deepEqual(parse([], { count: 'v' }), { v: 0, _: [] });
	t.end();
});
`;
const arrayTest = `'use strict';

var parse = require('../');
var test = require('tape');

test('options that are always lists', function (t) {
	t.deepEqual(parse(['--tag', 'a'], { array: 'tag' }), { tag: ['a'], _: [] });
	t.deepEqual(parse(['--tag=a', '--tag=b'], { array: ['tag'] }), { tag: ['a', 'b'], _: [] });
	t.deepEqual(parse([], { array: 'tag' }), { _: [] });
	t.end();
});
`;
const unknownTest = `'use strict';

var parse = require('../');
var test = require('tape');

test('options that are counted or lists are not unknown', function (t) {
	var unknown = [];
	parse(['-v', '--tag', 'a', '--other'], {
		count: 'v',
		array: 'tag',
		unknown: function (arg) {
			unknown.push(arg);
			return false;
		},
	});
	t.same(unknown, ['--other']);
	t.end();
});
`;

/** @param folder with the sources */
export async function minimist(folder: string): Promise<RealProject> {
  const index = await readFile(join(folder, 'index.js'), 'utf8');
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const both = edited(
    index,
    [unknownFn, counts + arrays + unknownFn],
    [aliases, readCounts + readArrays + aliases],
    [value, counted + value],
    [setKey, setList],
  );
  const countLine = '* `opts.count` - a string or array of strings argument names to count\n';
  const arrayLine =
    '* `opts.array` - a string or array of strings argument names whose value is always a list\n';
  return {
    archive,
    check: { name: 'test', command: "node_modules/.bin/tape 'test/**/*.js'" },
    tool: { name: 'tape', version: '5.9.0' },
    brief: 'opts.count counts how often an option is given; opts.array makes its value a list, also of one.',
    architecture:
      '# Two kinds of options\n\nEach is a map in `flags`, read beside the others, and used in `setArg`.\n',
    docs: {
      title: 'Document both in the README',
      description: 'A line in README.md for opts.count and one for opts.array.',
      first: { 'README.md': edited(readme, [documented, countLine + documented]) },
      missing: 'opts.array is missing in README.md.',
      corrected: { 'README.md': edited(readme, [documented, countLine + arrayLine + documented]) },
    },
    beside: [
      {
        title: 'Count options',
        description: 'opts.count in index.js: -vvv is 3, --no-v is 0 again. Add tests.',
        breaks: {
          'index.js': edited(index, [value, countIf('flags.bools[key]') + value]),
          'test/count.js': countTest,
        },
        works: {
          'index.js': edited(
            index,
            [unknownFn, counts + unknownFn],
            [aliases, readCounts + aliases],
            [value, counted + value],
          ),
          'test/count.js': countTest,
        },
      },
      {
        title: 'Make lists of options',
        description: 'opts.array in index.js: the value is a list, also of one. Add tests.',
        breaks: {
          'index.js': edited(index, [setKey, "\t\tsetKey(argv, key.split('.'), [value]);\n"]),
          'test/array.js': arrayTest,
        },
        works: {
          'index.js': edited(
            index,
            [unknownFn, arrays + unknownFn],
            [aliases, readArrays + aliases],
            [setKey, setList],
          ),
          'test/array.js': arrayTest,
        },
      },
    ],
    together: { 'index.js': both },
    after: {
      title: 'Know both when opts.unknown asks',
      description: 'An option that is counted or a list is not unknown. Add a test.',
      chosen: {
        'index.js': edited(both, [known, `${known}\t\t\t|| flags.arrays[key]\n`]),
        'test/unknown_kinds.js': unknownTest,
      },
      other: {
        'index.js': edited(both, [
          isUnknown,
          isUnknown.replace('!argDefined', '!flags.arrays[key] && !argDefined'),
        ]),
        'test/unknown_kinds.js': unknownTest,
      },
      reason: 'Both pass. Gemini’s is where the other kinds are known.',
    },
  };
}
