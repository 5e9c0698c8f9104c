/**
 * Something that a person can put right: the message is a sentence that says what was wrong and what to do. Doing
 * the same again would only find it again.
 */
export class Problem extends Error {}
