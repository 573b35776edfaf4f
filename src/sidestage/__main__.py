"""``python -m sidestage`` is the command ``sidestage``."""

from sidestage.cli import main

if __name__ == "__main__":
    main()
