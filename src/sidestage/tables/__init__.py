"""A table as columns: what a script shows for review and what it gives away.

Standard library only. A DataFrame is read by what it can do, never by importing pandas.
"""

from sidestage.tables.cells import TableError, plain_cell
from sidestage.tables.table import Table

__all__ = ["Table", "TableError", "plain_cell"]
