"""The Pyodide that pages start: which one a script asks for, where its files lie, and what is made of them.

``find_runtime`` finds it, ``published`` fetches one that its makers published; ``stdlib`` and ``asm_js`` make its
standard library and its script quicker to start.
"""
