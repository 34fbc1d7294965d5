"""The one order in which every operation locks its rows.

An operation that issues, widens or ends something locks the rows that it needs in this order, skips the others, and
decides on what it reads after locking, because earlier reads may be outdated. Rows of one table are locked by key.

1. applications: shared by what issues, alone by what ends everything of an application
2. people: shared by exchanges, alone by a decision of the person's and by what ends everything of theirs
3. consents: alone
4. authorization codes, then device requests
5. refresh tokens
6. access tokens

While a consent is locked, codes and tokens of that person at that application are neither issued nor ended. Events
refer to rows without a constraint, so recording one takes no lock. Two operations that keep to the order never
deadlock; what the database aborts all the same (MariaDB's index locks, serializable transactions) is run again by
`deadlock`.
"""

from enum import Enum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Model, QuerySet


class Lock(Enum):
    """How a row is held until the transaction ends, by each database's clause. SQLite has one writer and no clause.

    STAYS keeps the row from being deleted or held with GONE, SHARED also from being changed, ALONE from being held by
    anybody else but with STAYS, and GONE from everything.
    """

    STAYS = {"postgresql": "FOR KEY SHARE", "mysql": "LOCK IN SHARE MODE"}
    SHARED = {"postgresql": "FOR SHARE", "mysql": "LOCK IN SHARE MODE"}
    ALONE = {"postgresql": "FOR NO KEY UPDATE", "mysql": "FOR UPDATE"}
    GONE = {"postgresql": "FOR UPDATE", "mysql": "FOR UPDATE"}

    def clause(self, vendor: str) -> str:
        """Return what follows a query on a database of that vendor."""
        return f" {self.value[vendor]}" if vendor in self.value else ""


def hold(rows: QuerySet[Any, Any], lock: Lock) -> list[Any]:
    """Lock the rows by key, and return their keys. The caller has a transaction open."""
    ordered = rows.order_by("pk").values_list("pk", flat=True)
    connection = connections[router.db_for_write(rows.model)]
    try:
        sql, params = ordered.using(connection.alias).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql + lock.clause(connection.vendor), params)
        return [row[0] for row in cursor.fetchall()]


def hold_row(row: Model, lock: Lock) -> bool:
    """Lock one row. Tell whether it is still there."""
    return bool(hold(type(row)._base_manager.filter(pk=row.pk), lock))
