import os
import subprocess
import sys

import pytest

FIRST_IMPORTS = ["rest_framework.views", "multinexo_oauth.rest_framework"]


@pytest.mark.parametrize("module", FIRST_IMPORTS)
def test_our_classes_may_be_the_defaults_of_every_view(module):
    # In a process of its own, for the setting is read when APIView is imported.
    program = (
        f"import django; django.setup(); import {module};"
        "from rest_framework.views import APIView as view;"
        "print(view.authentication_classes[0].__name__, view.permission_classes[0].__name__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.rest_framework.settings_with_defaults"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.split() == ["OAuth2Authentication", "IsTokenAuthenticated"], run.stderr
