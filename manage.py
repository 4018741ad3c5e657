#!/usr/bin/env python
"""Django's command line. An operator's tool: it connects as the owner of the tables unless told otherwise."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ssip.settings")
    os.environ.setdefault("SSIP_DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
