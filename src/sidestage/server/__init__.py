"""The ASGI app and its store: pages, the runtime and the packages go out; donations and log lines come in.

What is served is handed in as plain data (``App``, ``Assets``); this room builds none of it and imports nothing that
does. Nothing that a participant sent can be read back over the network.
"""
