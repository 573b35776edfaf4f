"""Python in the visitor's browser, in a Web Worker: private, off the main thread, nothing to install."""

__version__ = "0.1.0"
