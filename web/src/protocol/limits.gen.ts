// Generated from Sidestage's Python by tools/generate_protocol.py. Do not edit.

/** Characters of a donation's key. */
export const LONGEST_KEY = 200;
/** Characters of a name that leaves without having been shown: a key of reviewed tables, a table's id. */
export const LONGEST_UNSEEN_NAME = 100;
/** The largest donation that a server takes unless it is told otherwise, in bytes. */
export const LARGEST_DONATION_BYTES = 500_000_000;
/** The bytes of all donations and log lines of one session that a server keeps unless it is told otherwise. */
export const MOST_SESSION_BYTES = 2_000_000_000;
/** Requests that send something, from one network address in a minute, unless a server is told otherwise. A whole lecture hall has one address. */
export const MOST_REQUESTS_PER_MINUTE = 6_000;
/** The largest exit code of a flow, as systems know them. */
export const LARGEST_EXIT_CODE = 255;
/** Characters of a script's log line that leaves the page. */
export const LONGEST_SCRIPT_LOG_LINE = 1_000;
/** Characters of all log lines of a script that leave the page, in one session. */
export const MOST_SCRIPT_LOG_CHARACTERS = 100_000;
/** Characters of a log line that a server keeps. */
export const LONGEST_LOG_LINE = 10_000;
/** Log lines that a server keeps of one session. */
export const MOST_LOG_LINES = 20_000;
/** Log lines in one request. */
export const MOST_LOG_LINES_AT_ONCE = 1_000;
/** Bytes of a request with log lines. */
export const LARGEST_LOG_REQUEST_BYTES = 1_000_000;
/** Characters from which on a text travels as UTF-8 bytes beside the message, and a message's text as such bytes. */
export const LARGE_TEXT = 65_536;
/** Characters of a text that can leave Python; a browser's strings end soon after that. */
export const LONGEST_TEXT = 536_000_000;
/** Characters of a printed line; one without end is cut here. */
export const LONGEST_OUTPUT_LINE = 100_000;
/** How long Python may take to start, in seconds. */
export const LONGEST_START_SECONDS = 60;
/** How long code may take to react when it is stopped, in seconds; then its worker is ended. */
export const LONGEST_STOP_SECONDS = 1;
