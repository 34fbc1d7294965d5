"""Look-ups that Django compiles once: building one's SQL anew costs several times what the database does."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connections, router
from django.db.models import Model, QuerySet, Value

Row = TypeVar("Row", bound=Model)


class Statement(NamedTuple):
    """A query as one database takes it, with what turns the values of its columns into Python's, by their places."""

    alias: str
    sql: str
    converters: dict[int, Any]
    connection: Any

    def first(self, wanted: Iterable[tuple[Any, Any]]) -> list[Any] | None:
        """Return a row's values, or None, by fields and the values that they are to have."""
        prepared = [field.get_db_prep_value(value, self.connection) for field, value in wanted]
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.sql, prepared)
            found = cursor.fetchone()
        return None if found is None else self._converted(list(found))

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, self.connection)
        return row


class Compiled(Generic[Row]):
    """A look-up of one row by the values of some fields, with the row that the foreign key `related` leads to.

    `among` narrows the rows, by conditions that no request changes.
    """

    def __init__(
        self,
        model: type[Row],
        *fields: str,
        related: str = "",
        among: Callable[[QuerySet[Row]], QuerySet[Row]] = QuerySet.all,
    ) -> None:
        self.model = model
        self.fields = [model._meta.get_field(name) for name in fields]
        self.related = related
        self.among = among
        self._statements: dict[str, Statement] = {}

    def first(self, *values: Any) -> Row | None:
        """Return the row whose fields have the values, or None."""
        statement = self._statement(router.db_for_read(self.model))
        found = statement.first(zip(self.fields, values, strict=True))
        if found is None:
            return None
        own = _names(self.model)
        row = self.model.from_db(statement.alias, own, found[: len(own)])
        if self.related:
            setattr(row, self.related, _row(self._related_model(), statement.alias, found[len(own) :]))
        return row

    def _statement(self, alias: str) -> Statement:
        if alias not in self._statements:
            self._statements[alias] = self._compile(alias)
        return self._statements[alias]

    def _compile(self, alias: str) -> Statement:
        names = _names(self.model)
        if self.related:
            names += [f"{self.related}__{name}" for name in _names(self._related_model())]
        rows = self.among(self.model._default_manager.using(alias))
        for field in self.fields:
            rows = rows.filter(
                **{field.name: Value("")}
            )  # one after the other, for this is the order of the values
        # A connection of its own, for the converters keep it, and those of threads come and go.
        connection = connections.create_connection(alias)
        compiler = rows.values_list(*names).query.get_compiler(connection=connection)
        sql, _stand_ins = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _name in compiler.select])
        connection.close()
        return Statement(alias, sql, converters, connection)

    def _related_model(self) -> type[Model]:
        return cast("type[Model]", self.model._meta.get_field(self.related).related_model)


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _row(model: type[Model], alias: str, values: list[Any]) -> Model | None:
    """Return a row of a foreign key, or None where the key leads nowhere."""
    is_there = values[_names(model).index(model._meta.pk.attname)] is not None
    return model.from_db(alias, _names(model), values) if is_there else None
