/** A value has no form in Python. */
export class Unsendable extends TypeError {}
