"""The one base of every exception that Sidestage raises on purpose."""


class SidestageError(Exception):
    """Something went wrong that a person can mend.

    The message says what is wrong, where, and what to do. Each room derives its own classes from this one.
    """
