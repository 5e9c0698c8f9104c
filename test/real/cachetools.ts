/** Python: cachetools has caches of a bounded size. A size that can be changed, and a look that changes nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceArchive } from '../support/source-archives.js';
import { edited, type RealProject } from './feature.js';

export const archive: SourceArchive = {
  manager: 'pip',
  name: 'cachetools',
  version: '5.3.3',
  hash: 'ba29e2dfa0b8b556606f097407ed1aa62080ee108ab0dc5ec9d6a723a007d105',
};

const getsizeof = '    @staticmethod\n    def getsizeof(value):\n';
const resize = `    def resize(self, maxsize):
        """Set the maximum size, and remove items until they fit."""
        while self.__currsize > maxsize:
            self.popitem()
        self.__maxsize = maxsize

`;
const peek = `    def peek(self, key, default=None):
        """Return the value of a key, which does not count as a use of it."""
        return self.__data[key] if key in self else default

`;
const fits = '            while self.__currsize + size > maxsize:\n';
const look =
  '        try:\n            return self.__data[key]\n        except KeyError:\n            return self.__missing__(key)\n';
const methodkey =
  '    """Return a cache key for use with cached methods."""\n    return hashkey(*args, **kwargs)\n';
const names = '__all__ = ("hashkey", "methodkey", "typedkey")\n';
const moreNames = '__all__ = ("hashkey", "methodkey", "typedkey", "typedmethodkey")\n';

const resizeTest = `import unittest

import cachetools


class ResizeTest(unittest.TestCase):
    def test_shrink(self):
        cache = cachetools.LRUCache(maxsize=3)
        cache.update({1: 1, 2: 2, 3: 3})
        cache.resize(2)
        self.assertEqual(2, cache.maxsize)
        self.assertEqual([2, 3], sorted(cache))

    def test_grow(self):
        cache = cachetools.Cache(maxsize=1)
        cache.resize(2)
        cache.update({1: 1, 2: 2})
        self.assertEqual(2, len(cache))
`;
const peekTest = `import unittest

import cachetools


class PeekTest(unittest.TestCase):
    def test_is_no_use(self):
        cache = cachetools.LRUCache(maxsize=2)
        cache.update({1: "a", 2: "b"})
        self.assertEqual("a", cache.peek(1))
        cache[3] = "c"
        self.assertNotIn(1, cache)

    def test_default(self):
        cache = cachetools.Cache(maxsize=1)
        self.assertIsNone(cache.peek(1))
        self.assertEqual(2, cache.peek(1, 2))
`;
const keyTest = `import unittest

from cachetools.keys import typedmethodkey


class TypedMethodKeyTest(unittest.TestCase):
    def test_ignores_the_object_and_tells_types_apart(self):
        self.assertEqual(typedmethodkey("self", 1), typedmethodkey("other", 1))
        self.assertNotEqual(typedmethodkey("self", 1), typedmethodkey("self", 1.0))
`;
const typedmethodkey = (body: string) => `

def typedmethodkey(self, *args, **kwargs):
    """Return a typed cache key for use with cached methods."""
${body}`;

/** @param folder with the sources */
export async function cachetools(folder: string): Promise<RealProject> {
  const init = await readFile(join(folder, 'src/cachetools/__init__.py'), 'utf8');
  const keys = await readFile(join(folder, 'src/cachetools/keys.py'), 'utf8');
  const changes = await readFile(join(folder, 'CHANGELOG.rst'), 'utf8');
  const heading = 'v5.4.0 (unreleased)\n===================\n\n';
  const resizeLine = '- Add ``Cache.resize()``.\n\n';
  const peekLine = '- Add ``Cache.peek()``.\n\n';
  return {
    archive,
    check: { name: 'test', command: 'PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=src python3 -m unittest' },
    brief: 'A cache can be resized, and a value looked at without counting as used.',
    architecture: '# Where it goes\n\nBoth are methods of `Cache`, so that every cache has them.\n',
    docs: {
      title: 'Tell of both in the changelog',
      description: 'A line in CHANGELOG.rst for resize and one for peek.',
      first: { 'CHANGELOG.rst': `${heading}${resizeLine}\n${changes}` },
      missing: 'CHANGELOG.rst does not tell of peek.',
      corrected: { 'CHANGELOG.rst': `${heading}${resizeLine}${peekLine}\n${changes}` },
    },
    beside: [
      {
        title: 'Resize a cache',
        description: 'Cache.resize(maxsize) in src/cachetools/__init__.py. Add tests.',
        breaks: {
          'src/cachetools/__init__.py': edited(
            init,
            [getsizeof, resize + getsizeof],
            [fits, fits.replace('>', '>=')],
          ),
          'tests/test_resize.py': resizeTest,
        },
        works: {
          'src/cachetools/__init__.py': edited(init, [getsizeof, resize + getsizeof]),
          'tests/test_resize.py': resizeTest,
        },
      },
      {
        title: 'Peek into a cache',
        description: 'Cache.peek(key, default) in src/cachetools/__init__.py. Add tests.',
        breaks: {
          'src/cachetools/__init__.py': edited(
            init,
            [getsizeof, peek + getsizeof],
            [look, '        return self.__data.get(key)\n'],
          ),
          'tests/test_peek.py': peekTest,
        },
        works: {
          'src/cachetools/__init__.py': edited(init, [getsizeof, peek + getsizeof]),
          'tests/test_peek.py': peekTest,
        },
      },
    ],
    together: { 'src/cachetools/__init__.py': edited(init, [getsizeof, resize + peek + getsizeof]) },
    after: {
      title: 'A typed key for methods',
      description: 'keys.typedmethodkey in src/cachetools/keys.py. Add a test.',
      chosen: {
        'src/cachetools/keys.py':
          edited(keys, [names, moreNames]) + typedmethodkey('    return typedkey(*args, **kwargs)\n'),
        'tests/test_typedmethodkey.py': keyTest,
      },
      other: {
        'src/cachetools/keys.py': edited(keys, [
          methodkey,
          methodkey + typedmethodkey('    return typedkey(*args, **kwargs)\n'),
        ]),
        'tests/test_typedmethodkey.py': keyTest,
      },
      reason: 'Both pass. Gemini’s names it in __all__ too.',
    },
  };
}
