"""`python -m watchparty` is the command `watchparty`."""

import sys

from watchparty.cli import main

if __name__ == "__main__":
    sys.exit(main())
