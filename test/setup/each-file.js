// @ts-check
/** Before the tests of each file. */
import { jest } from '@jest/globals';

jest.setTimeout(Reflect.get(globalThis, 'testTimeoutMs'));
// jest tells its workers of the terminal that it writes to.
delete process.env.FORCE_COLOR;
