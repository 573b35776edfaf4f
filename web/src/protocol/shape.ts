/** The form in which the protocol's shapes are written down, to check values by. */

/** The name of a scalar, a type or a union, or what a list, a record, a literal or a choice is made of. */
export type Shape = string | { list: Shape } | { record: Shape } | { is: unknown[] } | { anyOf: Shape[] };

/** A field: its name, its shape, and whether it may be absent. */
export type Field = (string | Shape | 1)[];

/** What answers a request: the type of its reply, and of what it may tell while it runs. */
export interface Answer {
  reply: string;
  reports: string[];
}
