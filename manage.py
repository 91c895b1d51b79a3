#!/usr/bin/env python3
"""Django's commands, and the portal's own."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "covage_portal.settings")
    execute_from_command_line(sys.argv)
