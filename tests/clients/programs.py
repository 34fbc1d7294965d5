"""The programs of docs/programs.md, each started with the lines that the page has for it."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from tests.clients.person import Person
from tests.oauth import OAuthClient
from tests.requirements import NODE, answers

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/programs.md").read_text()
PATIENCE_SECONDS = 30
SITE = Path(__file__).parent / "program_site.py"
HUB = Path(__file__).parent / "program_hub.py"
FLASK = "import sys; from app import app; app.run(port=int(sys.argv[1]))"


class Program:
    """One section of the page, on a port of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.section = next(it for it in PAGE.split("\n## ") if it.startswith(f"{name}\n"))
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def says(self, what: str) -> str:
        """Return what the section says to register, or nothing."""
        found = re.search(rf"^- {what}: `(.*)`$", self.section, re.MULTILINE)
        return self._here(found[1]) if found else ""

    def configure(self, registration: OAuthClient, issuer: str) -> None:
        """Write each block of the section into the file that its first line names."""
        for name, lines in re.findall(r"```\w+\n(?:#|//) (\S+)\n(.*?)```", self.section, re.DOTALL):
            for placeholder, value in (
                ("https://example.com/auth/v1", issuer),
                ("your-client-id", registration.client_id),
                ("your-client-secret", registration.secret or ""),
            ):
                lines = lines.replace(placeholder, value)
            (self.folder / name).write_text(self._here(lines))

    def _here(self, text: str) -> str:
        return text.replace("https://program.example", self.url)

    def __enter__(self) -> Self:
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(self.folder), *sys.path]),
            "PORT": str(self.port),
        }
        self.process = subprocess.Popen(
            self._command(), cwd=self.folder, env=environment, stdout=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE_SECONDS
        while not answers("127.0.0.1", self.port):
            assert self.process.poll() is None, "the program ended"
            assert time.monotonic() < end, "the program does not answer"
            time.sleep(0.1)
        return self

    def _command(self) -> list[str]:
        if (self.folder / "settings.py").exists():
            return [sys.executable, str(SITE), str(self.port)]
        if (self.folder / "app.mjs").exists():
            (self.folder / "node_modules").symlink_to((NODE / "node_modules").resolve())
            return ["node", "app.mjs"]
        if (self.folder / "jupyterhub_config.py").exists():
            return [sys.executable, "-m", "jupyterhub", "--config", str(HUB)]
        return [sys.executable, "-c", FLASK, str(self.port)]

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        self.process.wait()

    def leads(self, person: Person, path: str) -> str:
        """Open an address, press the button of a page that only asks whether to go on, and return where that leads."""
        url = self.url + path
        answer = person.browser.get(url, allow_redirects=False)
        if not answer.is_redirect:
            token = person.browser.cookies.get("program_csrftoken", "")
            answer = person.browser.post(url, {"csrfmiddlewaretoken": token}, allow_redirects=False)
        assert answer.is_redirect, answer.text
        return urljoin(url, answer.headers["Location"])

    def knows(self, person: Person) -> bool:
        """Tell whether the page that shows who is signed in shows the person."""
        page = "/hub/token" if (self.folder / "jupyterhub_config.py").exists() else "/"
        return person.username in person.browser.get(self.url + page).text
