"""The tables of the store."""

import sqlalchemy as sql

from sidestage.protocol.limits import LONGEST_KEY

TABLES = sql.MetaData()

#: Long enough for a whole donation where a database asks for a length; SQLite and PostgreSQL ignore it.
_BYTES = sql.LargeBinary(2**31 - 1)

SESSIONS = sql.Table(
    "sessions",
    TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    # Only the hash: whoever reads the database cannot write as a participant with it.
    sql.Column("token_sha256", sql.String(64), nullable=False, unique=True),
    sql.Column("study", sql.String(200), nullable=False),
    sql.Column("created", sql.DateTime(timezone=True), nullable=False),
)

DONATIONS = sql.Table(
    "donations",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("session", sql.ForeignKey("sessions.id"), nullable=False),
    sql.Column("key", sql.String(LONGEST_KEY), nullable=False),
    sql.Column("sha256", sql.String(64), nullable=False),
    sql.Column("size", sql.BigInteger, nullable=False),
    sql.Column("received", sql.DateTime(timezone=True), nullable=False),
    # Last, so that SQLite need not walk through the content to reach the other columns.
    sql.Column("data", _BYTES, nullable=False),
    # A donation that is sent again after a lost answer is kept once.
    sql.UniqueConstraint("session", "key", "sha256"),
    # A number is never given twice, not even after the newest donation was deleted.
    sqlite_autoincrement=True,
)

LOGS = sql.Table(
    "logs",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("session", sql.ForeignKey("sessions.id"), nullable=False, index=True),
    sql.Column("level", sql.String(20), nullable=False),
    sql.Column("message", sql.Text, nullable=False),
    sql.Column("timestamp", sql.String(40)),
    sql.Column("received", sql.DateTime(timezone=True), nullable=False),
)

#: What the server signs with, so that what it signed stays good when it is started again.
SECRETS = sql.Table(
    "secrets",
    TABLES,
    sql.Column("name", sql.String(40), primary_key=True),
    sql.Column("value", sql.LargeBinary(32), nullable=False),
)

#: What a trial writes, reads and removes, to know that a donation could be kept.
TRIALS = sql.Table(
    "trials",
    TABLES,
    sql.Column("name", sql.String(40), primary_key=True),
    sql.Column("value", _BYTES, nullable=False),
)

#: The bytes of donations and log lines that were kept of each session.
TOTALS = sql.Table(
    "totals",
    TABLES,
    sql.Column("session", sql.ForeignKey("sessions.id"), primary_key=True),
    sql.Column("bytes", sql.BigInteger, nullable=False),
)
