// @ts-check
/** Before the unit tests of a run: next to nothing. */
import { beginRun } from './run.js';

export default function unit() {
  beginRun();
}
