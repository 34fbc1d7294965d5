"""The databases that contenders fill: SQLite files, and PostgreSQL where it is."""

import os
from pathlib import Path
from typing import Any

POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": os.environ.get("TEST_DATABASE_HOST", "127.0.0.1"),
    "PORT": os.environ.get("TEST_DATABASE_PORT", "5432"),
    "USER": os.environ.get("TEST_DATABASE_USER", "postgres"),
    "PASSWORD": os.environ.get("TEST_DATABASE_PASSWORD", ""),
}
PREFIX = os.environ.get("TEST_DATABASE_NAME", "multinexo_oauth") + "_benchmark"


def sqlite(folder: Path, name: str) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / f"{name}.sqlite3")}


def postgresql(name: str) -> dict[str, Any]:
    """Return an empty database in place of one that an interrupted run left behind."""
    drop(name)
    run(f'CREATE DATABASE "{PREFIX}_{name}"')
    return POSTGRESQL | {"NAME": f"{PREFIX}_{name}"}


def drop(name: str) -> None:
    run(f'DROP DATABASE IF EXISTS "{PREFIX}_{name}" WITH (FORCE)')


def problem() -> str | None:
    """Return why PostgreSQL cannot be measured, or None."""
    try:
        import psycopg
    except ImportError:
        return "the package psycopg is not installed"
    try:
        run("SELECT 1")
    except psycopg.OperationalError as error:
        return f"no PostgreSQL at {POSTGRESQL['HOST']}:{POSTGRESQL['PORT']}: {error}"
    return None


def run(statement: str) -> None:
    import psycopg

    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    where = {name: POSTGRESQL[key] for name, key in names.items()}
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)
