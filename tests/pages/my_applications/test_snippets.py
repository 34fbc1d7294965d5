"""The programs on the page of a new application, run as they are shown."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict

from multinexo_oauth.models import AccessToken, Application
from multinexo_oauth.pages.my_applications.endpoint_urls import Endpoints
from multinexo_oauth.pages.my_applications.snippets import for_application
from tests.device import enter, let_in, press
from tests.oauth import OAuthClient, Person, Products
from tests.requirements import require

from .conftest import Developer, text, url

TOKEN = re.compile(r'"access_token": "([^"]+)"')


def snippets(page: Any) -> dict[str, str]:
    found = re.findall(r'data-snippet="(\w+)">(.+?)</pre>', page.content.decode(), re.DOTALL)
    return {language: html.unescape(code) for language, code in found}


def command(language: str) -> list[str]:
    """Return what runs a program of the language from its standard input's file."""
    if language == "python":
        return [sys.executable]
    require(shutil.which("curl") and shutil.which("openssl"), "curl and openssl are not installed")
    return ["bash"]


class Program:
    """A snippet that is running; its output is read and answered as by a developer at a terminal."""

    def __init__(self, language: str, code: str, folder: Path, **environment: str) -> None:
        file = folder / "snippet"
        file.write_text(code)
        self.process = subprocess.Popen(
            [*command(language), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
        )

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read what the program prints until the pattern is there."""
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"The program ended and printed no {pattern}.")

    def address(self) -> str:
        """Return the address that the program asks to open."""
        return self.wait_for(r"http\S+/authorize/\S+")[0]

    def access_token(self, typed: str = "") -> str:
        output, _errors = self.process.communicate(typed + "\n", timeout=30)
        assert self.process.returncode == 0
        found = TOKEN.search(output)
        return found[1] if found else output.split()[-1]


def answer_to(person: Person, address: str, client: OAuthClient) -> str:
    """Open the address as the person, allow access, and return the address that the browser ends at."""
    query = QueryDict(address.partition("?")[2]).dict()
    return person.decide(person.visit(client, **query))["Location"]


@pytest.fixture
def served(live_server: Any, settings: Any) -> Any:
    """A server that real programs reach, under an issuer of its own."""
    settings.MULTINEXO_OAUTH = {**settings.MULTINEXO_OAUTH, "ISSUER": f"{live_server.url}/auth/v1"}
    return live_server


@pytest.mark.parametrize("language", ["curl", "python"])
def test_a_service_gets_a_token(
    ana: Developer, served: Any, products: Products, tmp_path: Path, language: str
) -> None:
    program = Program(language, snippets(ana.register("service"))[language], tmp_path)
    assert products.list(program.access_token()).status_code == 200


@pytest.mark.parametrize("language", ["curl", "python"])
@pytest.mark.parametrize("kind", ["web", "spa", "native"])
def test_an_application_gets_a_token_for_a_person(
    ana: Developer, person: Person, served: Any, products: Products, tmp_path: Path, kind: str, language: str
) -> None:
    program = Program(language, snippets(ana.register(kind))[language], tmp_path)
    location = answer_to(person, program.address(), OAuthClient(Application.objects.get()))
    typed = QueryDict(location.partition("?")[2])["code"] if language == "curl" else location
    assert products.list(program.access_token(typed)).status_code == 200
    assert AccessToken.objects.get().user == person.user


def test_curl_can_be_pasted_into_a_terminal(
    ana: Developer, person: Person, served: Any, products: Products
) -> None:
    code = snippets(ana.register("web"))["curl"]
    # From its standard input a shell reads as from a terminal: what follows answers a question.
    pasted = subprocess.Popen(
        [*command("curl"), "-s"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    pasted.stdin.write(code)
    pasted.stdin.flush()
    address = next(line.strip() for line in pasted.stdout if "/authorize/" in line)
    location = answer_to(person, address, OAuthClient(Application.objects.get()))
    output, _errors = pasted.communicate(QueryDict(location.partition("?")[2])["code"] + "\n", timeout=30)
    assert products.list(TOKEN.search(output)[1]).status_code == 200


@pytest.mark.parametrize("language", ["curl", "python"])
def test_a_device_gets_a_token_for_a_person(
    ana: Developer,
    person: Person,
    served: Any,
    products: Products,
    tmp_path: Path,
    settings: Any,
    language: str,
) -> None:
    settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "DEVICE_FLOW_INTERVAL": 1}
    program = Program(language, snippets(ana.register("device"))[language], tmp_path)
    if language == "curl":
        user_code = json.loads(program.wait_for(r"\{.+\}")[0])["user_code"]
    else:
        user_code = program.wait_for(r"/device/ (\S+)")[1]
    let_in(person, user_code)
    assert products.list(program.access_token()).status_code == 200
    assert AccessToken.objects.get().user == person.user


def test_curl_stops_asking_for_a_device_that_was_turned_away(
    ana: Developer, person: Person, served: Any, tmp_path: Path, settings: Any
) -> None:
    settings.OAUTH2_PROVIDER = {**settings.OAUTH2_PROVIDER, "DEVICE_FLOW_INTERVAL": 1}
    program = Program("curl", snippets(ana.register("device"))["curl"], tmp_path)
    user_code = json.loads(program.wait_for(r"\{.+\}")[0])["user_code"]
    press(person.browser, enter(person.browser, user_code), "deny")
    program.wait_for("access_denied")
    assert program.process.wait(timeout=30) == 0


def test_curl_waits_longer_after_a_failed_request_and_where_it_is_told_to(
    ana: Developer, tmp_path: Path
) -> None:
    answers = [
        '{"device_code": "a-code"}',
        "",
        '{"error": "slow_down"}',
        '{"error": "authorization_pending"}',
        '{"access_token": "a-token"}',
    ]
    for number, answer in enumerate(answers):
        (tmp_path / f"answer{number}").write_text(answer)
    # Its commands, so that no time passes: each answer once, and a note of each wait.
    programs = {
        "curl": 'next=$(ls answer* | head -n 1); cat "$next"; rm "$next"',
        "sleep": 'echo "$1" >> waits',
    }
    for name, body in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "snippet").write_text(snippets(ana.register("device"))["curl"])
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [*command("curl"), "snippet"],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert ran.stdout.endswith('{"access_token": "a-token"}\n')
    assert (tmp_path / "waits").read_text().split() == ["5", "10", "15", "15"]


@pytest.mark.parametrize("language", ["curl", "python"])
def test_without_the_secret_it_is_read_from_the_environment(
    ana: Developer, served: Any, service: OAuthClient, products: Products, tmp_path: Path, language: str
) -> None:
    code = snippets(ana.open("application-credentials", service))[language]
    program = Program(language, code, tmp_path, CLIENT_SECRET=service.secret or "")
    assert products.list(program.access_token()).status_code == 200


@pytest.mark.parametrize("kind", ["web", "spa", "native", "device", "service"])
@pytest.mark.parametrize("secret", ["", "a-secret"])
def test_every_program_can_be_read_by_its_language(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, secret: str
) -> None:
    require(shutil.which("node"), "Node.js is not installed")
    application = request.getfixturevalue(kind).application
    application.redirect_uris = "https://example.com/'\"`$(id)/\\"
    base = "https://example.com/auth/v1"
    endpoints = Endpoints(
        issuer=base,
        discovery=f"{base}/.well-known/openid-configuration",
        authorization=f"{base}/authorize/",
        token=f"{base}/token/",
        revocation=f"{base}/revoke/",
        device_authorization=f"{base}/device-authorization/",
        userinfo=f"{base}/userinfo/",
        end_session=f"{base}/logout/",
    )
    readers = {
        "curl": ["bash", "-n"],
        "python": [sys.executable, "-m", "py_compile"],
        "javascript": ["node", "--check"],
    }
    for snippet in for_application(
        application, endpoints, secret if application.client_type == "confidential" else ""
    ):
        file = tmp_path / f"{snippet.language}.mjs"
        file.write_text(snippet.code)
        subprocess.run([*readers[snippet.language], str(file)], check=True)
        assert application.client_id in snippet.code


# What must come first


@pytest.mark.parametrize("page", ["application-credentials", "secret-issue", "application-create"])
def test_without_a_permission_the_page_says_to_choose_some_first(
    ana: Developer, web: OAuthClient, page: str
) -> None:
    Application.objects.update(scopes="gone:scope", default_scopes="")
    if page == "application-create":
        answer = ana.register("web", scopes=[])
        created = Application.objects.exclude(pk=web.application.pk).get()
    else:
        answer = ana.send(page, web) if page == "secret-issue" else ana.open(page, web)
        created = web.application
    assert answer.status_code == 200
    assert snippets(answer) == {}
    assert "no puede pedir nada" in text(answer)
    assert f'<a href="{url("application-permissions", created)}">Permisos</a>' in answer.content.decode()


def test_without_a_redirect_uri_the_page_says_to_add_one_first(ana: Developer, web: OAuthClient) -> None:
    Application.objects.update(redirect_uris="")
    answer = ana.open("application-credentials", web)
    assert snippets(answer) == {}
    assert "No tiene ninguna URI de redirección" in text(answer)


@pytest.mark.parametrize("kind", ["web", "spa", "native", "device", "service"])
def test_with_a_permission_there_is_a_program_in_each_language(ana: Developer, kind: str) -> None:
    assert set(snippets(ana.register(kind))) == {"curl", "python", "javascript"}
