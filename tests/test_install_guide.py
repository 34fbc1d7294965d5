"""Whoever follows docs/install.md to the letter sees at each step what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "install.md").read_text()
APPS, DEFAULTS, SQLITE, URLS, VIEW, VIEW_URL = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
[LOGIN_PAGE] = re.findall(r"```django\n(.*?)```", GUIDE, re.DOTALL)
VISIT = """
import django; django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
from multinexo_oauth.rest_framework.testing import acting_as

ana = get_user_model().objects.create_user("ana", password="secret")
browser = Client(headers={"host": "127.0.0.1:8000"})
metadata = browser.get("/.well-known/oauth-authorization-server/auth/v1").json()
assert metadata["issuer"] == "http://127.0.0.1:8000/auth/v1", metadata
page = browser.get("/auth/v1/mis-aplicaciones/", follow=True)
assert b'name="password"' in page.content, page.content
form = {"username": "ana", "password": "secret", "next": "/auth/v1/mis-aplicaciones/"}
assert browser.post("/accounts/login/", form, follow=True).status_code == 200
api = acting_as(ana, scopes=["reports:read"])
assert api.get("/api/reports/", headers={"host": "127.0.0.1:8000"}).json() == {"reports_of": "ana"}
"""


class Site:
    """What `django-admin startproject mysite .` made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("-m", "django", "startproject", "mysite", ".")

    def run(self, *arguments: str) -> str:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
        }
        if arguments[1] == "django":
            del environment["DJANGO_SETTINGS_MODULE"]
        command = [sys.executable, "-W", "ignore", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def complaints(self) -> set[str]:
        return set(re.findall(r"\((?:multinexo_oauth|fields)\.(\w+)\)", self.run("manage.py", "check")))

    def replace(self, old: str, new: str) -> None:
        settings = self.folder / "mysite" / "settings.py"
        text = settings.read_text()
        assert old in text
        settings.write_text(text.replace(old, new, 1))

    def append(self, file: str, text: str) -> None:
        with (self.folder / "mysite" / file).open("a") as opened:
            opened.write(text)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def seen_in_step(number: int) -> set[str]:
    step = GUIDE.split("\n## ")[number]
    return set(re.findall(r"`(?:\w+\.)?([EW]\d{3})`", step.partition("To see it:")[2]))


def test_each_step_shows_what_the_guide_says(site: Site) -> None:
    entries = re.search(r"\n    (\"rest.*?)]", APPS, re.DOTALL)
    assert entries
    site.replace("staticfiles',\n]", f"staticfiles',\n{entries[1]}]")
    assert site.complaints() == seen_in_step(2) != set()

    # On the reader's own machine the guide has the issuer left out.
    site.append("settings.py", "\n" + re.sub(r'    "ISSUER".*\n', "", DEFAULTS) + SQLITE)
    assert site.complaints() == seen_in_step(3) != set()

    (site.folder / "mysite" / "urls.py").write_text(URLS)
    assert site.complaints() == seen_in_step(4) == set()

    site.replace("'DIRS': []", "'DIRS': [BASE_DIR / 'templates']")
    page = site.folder / "templates" / "registration" / "login.html"
    page.parent.mkdir(parents=True)
    page.write_text(LOGIN_PAGE)
    site.append("reports.py", VIEW)
    site.append("urls.py", VIEW_URL)
    assert "multinexo_oauth.0001_initial... OK" in site.run("manage.py", "migrate")
    assert site.run("-c", VISIT) == ""
