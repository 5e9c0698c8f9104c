/** Is given one line for a person. */
export type Announce = (line: string) => void;
