#!/usr/bin/env python3
"""Lingo's command line."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingo.settings")
    from lingo import local

    if "start" in sys.argv[1:2] or local.is_installed():
        local.choose()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
