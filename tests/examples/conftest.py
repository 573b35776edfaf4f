import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "chat_donation"

# A script imports the modules beside it by their plain names.
if str(EXAMPLE) not in sys.path:
    sys.path.insert(0, str(EXAMPLE))
