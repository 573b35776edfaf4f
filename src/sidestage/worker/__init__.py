"""The dispatcher: takes a message, asks a program, returns a reply. Runs inside Pyodide or a subprocess.

``browser`` is the only module of Sidestage that knows Pyodide; everything else here runs and is tested under CPython.
"""

from sidestage.worker.conversion_error import ConversionError
from sidestage.worker.dispatcher import Dispatcher
from sidestage.worker.reading_values import decode
from sidestage.worker.transport import PackageError, Transport
from sidestage.worker.values import Encoded, encode

__all__ = ["ConversionError", "Dispatcher", "Encoded", "PackageError", "Transport", "decode", "encode"]
