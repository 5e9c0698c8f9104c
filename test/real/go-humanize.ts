/** Go: go-humanize writes numbers for people. Ordinals below zero, their suffix alone, and in words. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceArchive } from '../support/source-archives.js';
import { edited, type RealProject } from './feature.js';

export const archive: SourceArchive = {
  manager: 'go',
  name: 'github.com/dustin/go-humanize',
  version: 'v1.0.1',
  hash: 'h1:GzkhY7T5VNhEkwH0PVJgjz+fX1rhBrR7pRT3mDkpeCY=',
};

const suffixes = `	case 1:
		if x%100 != 11 {
			suffix = "st"
		}
	case 2:
		if x%100 != 12 {
			suffix = "nd"
		}
	case 3:
		if x%100 != 13 {
			suffix = "rd"
		}
`;
const hundreds = suffixes.replaceAll('x%100', 'hundreds');
const digitOnly = suffixes.replaceAll(/\t\tif .*\n\t(.*\n)\t\t\}\n/g, '$1');
const ordinal = '\tsuffix := "th"\n\tswitch x % 10 {\n';
const absolute = `	suffix := "th"
	hundreds := x % 100
	if hundreds < 0 {
		hundreds = -hundreds
	}
	switch hundreds % 10 {
`;
const ends = '\treturn strconv.Itoa(x) + suffix\n}\n';
const header = 'func Ordinal(x int) string {\n';
const splitHeader = `${header}	return strconv.Itoa(x) + OrdinalSuffix(x)
}

// OrdinalSuffix gives you what Ordinal puts behind the number.
//
// OrdinalSuffix(3) -> rd
func OrdinalSuffix(x int) string {
`;
const suffixOnly = '\treturn suffix\n}\n';

const negativeTest = `package humanize

import "testing"

func TestNegativeOrdinals(t *testing.T) {
	testList{
		{"-1", Ordinal(-1), "-1st"},
		{"-2", Ordinal(-2), "-2nd"},
		{"-11", Ordinal(-11), "-11th"},
		{"-103", Ordinal(-103), "-103rd"},
	}.validate(t)
}
`;
const suffixTest = `package humanize

import "testing"

func TestOrdinalSuffix(t *testing.T) {
	testList{
		{"1", OrdinalSuffix(1), "st"},
		{"12", OrdinalSuffix(12), "th"},
		{"22", OrdinalSuffix(22), "nd"},
	}.validate(t)
}
`;
const wordsTest = `package english

import "testing"

func TestOrdinal(t *testing.T) {
	for n, want := range map[int]string{1: "first", 10: "tenth", 11: "11th", 0: "0th", -1: "-1st"} {
		if got := Ordinal(n); got != want {
			t.Errorf("Ordinal(%d)=%q; want: %q", n, got, want)
		}
	}
}
`;
const words = (name: string, comment: string) => `package english

import humanize "github.com/dustin/go-humanize"

var ${name} = []string{
	"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
}

${comment}func Ordinal(n int) string {
	if n < 1 || n > len(${name}) {
		return humanize.Ordinal(n)
	}
	return ${name}[n-1]
}
`;

/** @param folder with the sources */
export async function goHumanize(folder: string): Promise<RealProject> {
  const ordinals = await readFile(join(folder, 'ordinals.go'), 'utf8');
  const readme = await readFile(join(folder, 'README.markdown'), 'utf8');
  const section = '### Plurals\n';
  const first = '### Ordinals\n\n```go\nenglish.Ordinal(3) // third\n```\n\n';
  const whole = first.replace('third\n', 'third\nhumanize.OrdinalSuffix(3) // rd\n');
  return {
    archive,
    check: { name: 'test', command: 'go test ./...' },
    brief: 'Ordinals of negative numbers are right, the suffix can be had alone, and small ones in words.',
    architecture:
      '# Ordinals\n\nThe suffix is found in one place, `ordinals.go`; words are in the package `english`.\n',
    docs: {
      title: 'Document ordinals in the README',
      description: 'A section in README.markdown with an example of each function.',
      first: { 'README.markdown': edited(readme, [section, first + section]) },
      missing: 'README.markdown has no example of OrdinalSuffix.',
      corrected: { 'README.markdown': edited(readme, [section, whole + section]) },
    },
    beside: [
      {
        title: 'Put ordinals of negative numbers right',
        description: 'Ordinal(-1) in ordinals.go is -1st. Add tests.',
        breaks: {
          'ordinals.go': edited(ordinals, [suffixes, digitOnly]),
          'ordinals_negative_test.go': negativeTest,
        },
        works: {
          'ordinals.go': edited(ordinals, [ordinal, absolute], [suffixes, hundreds]),
          'ordinals_negative_test.go': negativeTest,
        },
      },
      {
        title: 'Give the suffix alone',
        description: 'OrdinalSuffix in ordinals.go, used by Ordinal. Add tests.',
        breaks: {
          // An import that nothing uses does not compile.
          'ordinals.go': edited(ordinals, ['import "strconv"', 'import (\n\t"fmt"\n\t"strconv"\n)']),
          'ordinals_suffix_test.go': suffixTest,
        },
        works: {
          'ordinals.go': edited(
            ordinals,
            [header + ordinal, `${splitHeader}\tvar suffix = "th"\n\tswitch x % 10 {\n`],
            [ends, suffixOnly],
          ),
          'ordinals_suffix_test.go': suffixTest,
        },
      },
    ],
    together: {
      'ordinals.go': edited(
        ordinals,
        [header + ordinal, splitHeader + absolute],
        [suffixes, hundreds],
        [ends, suffixOnly],
      ),
    },
    after: {
      title: 'Small ordinals in words',
      description: 'english.Ordinal: first to tenth, and as humanize.Ordinal from there on. Add tests.',
      chosen: {
        'english/ordinals.go': words(
          'ordinalWords',
          '// Ordinal gives you a small number in words, such as first, and any other as humanize.Ordinal does.\n',
        ),
        'english/ordinals_test.go': wordsTest,
      },
      other: { 'english/ordinals.go': words('all', ''), 'english/ordinals_test.go': wordsTest },
      reason: 'Both pass. Gemini’s says what it does.',
    },
  };
}
