#!/usr/bin/env python
"""Run the example project's commands; `demo` is the one to begin with."""

import os
import sys
from pathlib import Path


def main() -> None:
    # Python put this file's own directory first; the packages live one above it.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
