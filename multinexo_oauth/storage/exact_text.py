from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField  # takes no types while it runs


class ExactCharField(Text):
    """A text that is compared exactly, as SQLite and PostgreSQL do; MariaDB and MySQL would ignore case.

    The collation is no attribute of the field, for a migration is the same whatever the database.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":
            # Of the binary ones the two that do not take a space at the end for none.
            is_mariadb = connection.mysql_is_mariadb  # type: ignore[attr-defined]
            parameters["collation"] = "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"
        return parameters
