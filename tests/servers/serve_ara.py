# Copyright: (c) 2026, The endstate.jobs maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves ARA on a port of loopback, with its tables and one user, in one process instead of three commands of ara-manage."""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "ara.server.settings"
# Each request carries the password, which the usual hasher takes half a second of a processor to check.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
call_command("migrate", verbosity=0)

from django.contrib.auth.models import User  # noqa: E402

if not User.objects.exists():
    User.objects.create_superuser(os.environ["ARA_USER"], password=os.environ["ARA_PASSWORD"])
call_command("runserver", f"127.0.0.1:{sys.argv[1]}", use_reloader=False)
