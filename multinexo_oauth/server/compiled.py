"""Queries and inserts whose SQL is compiled once: compiling costs several times as much as running it."""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connections, router
from django.db.models import ForeignKey, Model, QuerySet, Value, signals

from ..storage.locks import Lock

Row = TypeVar("Row", bound=Model)


class Part(NamedTuple):
    """The columns of one of a statement's rows: of the model's own or, with a `name`, of a foreign key's."""

    name: str
    model: type[Model]
    fields: list[str]
    key: int

    @classmethod
    def of(cls, model: type[Model], name: str = "", only: Collection[str] = ()) -> "Part":
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if not only or field.primary_key or field.attname in only
        ]
        return cls(name, model, fields, fields.index(model._meta.pk.attname))

    def row(self, alias: str, values: list[Any]) -> Model | None:
        """Return the row, or None where the key leads nowhere."""
        return None if values[self.key] is None else self.model.from_db(alias, self.fields, values)


class Statement(NamedTuple):
    """A query as one database takes it, with what turns the values of its columns into Python's, by their places."""

    alias: str
    sql: str
    converters: dict[int, Any]
    connection: Any

    @classmethod
    def of(cls, alias: str, rows: QuerySet[Any, Any], lock: Lock | None = None) -> "Statement":
        """Compile a query of values, whose conditions stand for those of later."""
        # A connection of its own, for the converters keep it, and those of threads come and go.
        connection = connections.create_connection(alias)
        compiler = rows.query.get_compiler(connection=connection)
        sql, _stand_ins = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _name in compiler.select])
        connection.close()
        clause = lock.clause(connection.vendor) if lock else ""
        return cls(alias, sql + clause, converters, connection)

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
    """A look-up of one row by the values of some fields, with the rows that the foreign keys of `related` lead to.

    `among` narrows the rows, by conditions that no request changes. `only` names the columns that are read at once, as
    `QuerySet.only` does. With a `lock`, the row is held until the transaction ends.
    """

    def __init__(
        self,
        model: type[Row],
        *fields: str,
        related: Iterable[str] = (),
        among: Callable[[QuerySet[Row]], QuerySet[Row]] = QuerySet.all,
        only: Collection[str] = (),
        lock: Lock | None = None,
    ) -> None:
        self.model = model
        self.fields = [model._meta.get_field(name) for name in fields]
        self.related = tuple(related)
        self.among = among
        self.only = only
        self.lock = lock
        self._statements: dict[str, Statement] = {}

    def first(self, *values: Any) -> Row | None:
        """Return the row whose fields have the values, or None."""
        alias = router.db_for_write(self.model) if self.lock else router.db_for_read(self.model)
        statement = self._statement(alias)
        found = statement.first(zip(self.fields, values, strict=True))
        if found is None:
            return None
        start = len(self.parts[0].fields)
        row = self.parts[0].row(statement.alias, found[:start])
        for part in self.parts[1:]:
            end = start + len(part.fields)
            setattr(row, part.name, part.row(statement.alias, found[start:end]))
            start = end
        return cast("Row", row)

    @cached_property
    def parts(self) -> list[Part]:
        keys = [(name, self.model._meta.get_field(name)) for name in self.related]
        return [
            Part.of(self.model, only=self.only),
            *(Part.of(cast("type[Model]", field.related_model), name) for name, field in keys),
        ]

    def _statement(self, alias: str) -> Statement:
        if alias not in self._statements:
            self._statements[alias] = self._compile(alias)
        return self._statements[alias]

    def _compile(self, alias: str) -> Statement:
        # The default manager may hide rows, by values that no condition of ours stands for.
        rows = self.among(self.model._base_manager.using(alias))
        # One by one, to keep the order of the values.
        for field in self.fields:
            rows = rows.filter(**{field.name: Value("")})
        names = [f"{part.name}__{name}".removeprefix("__") for part in self.parts for name in part.fields]
        return Statement.of(alias, rows.values_list(*names), self.lock)


class Insert(Generic[Row]):
    """Stores new rows of a model as `save` does, signals included."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model
        self.fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        self._statements: dict[str, str] = {}

    def __call__(self, row: Row) -> Row:
        alias = router.db_for_write(self.model, instance=row)
        told = {"sender": self.model, "instance": row, "raw": False, "using": alias, "update_fields": None}
        signals.pre_save.send(**told)
        row.pk = self._store(row, connections[alias])
        row._state.adding, row._state.db = False, alias
        signals.post_save.send(**told, created=True)
        return row

    def _store(self, row: Row, connection: Any) -> Any:
        """Return the primary key that the database gave the row."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement(connection), self._values(row, connection))
            if connection.features.can_return_columns_from_insert:
                stored = cursor.fetchone()
                return stored and stored[0]
            return cursor.lastrowid

    def _values(self, row: Row, connection: Any) -> list[Any]:
        return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.fields]

    def _statement(self, connection: Any) -> str:
        if connection.alias not in self._statements:
            self._statements[connection.alias] = self._sql(connection)
        return self._statements[connection.alias]

    def _sql(self, connection: Any) -> str:
        quoted = connection.ops.quote_name
        names = ", ".join(quoted(field.column) for field in self.fields)
        sql = f"INSERT INTO {quoted(self.model._meta.db_table)} ({names}) {self._source(connection)}"
        returning = f" RETURNING {quoted(self.model._meta.pk.column)}"
        return sql + (returning if connection.features.can_return_columns_from_insert else "")

    def _source(self, connection: Any) -> str:
        return f"VALUES ({self._places})"

    @property
    def _places(self) -> str:
        return ", ".join("%s" for _field in self.fields)


class ParentChanged(Exception):
    """The parent row changed after the decision to insert a child row."""


class InsertUnderParent(Insert[Row]):
    """Stores new rows in one statement that also checks and locks the row that their foreign key `parent` refers to.

    Columns named in `same` must hold what the instance that the caller read holds, those named in `empty` must be NULL.
    The lock waits for whoever holds the parent with GONE. Raises ParentChanged where the parent is no longer so.
    """

    def __init__(self, model: type[Row], parent: str, same: Iterable[str], empty: Iterable[str]) -> None:
        super().__init__(model)
        self.parent = cast("ForeignKey[Any, Any]", model._meta.get_field(parent))
        columns = {field.name: field for field in self.parent.related_model._meta.concrete_fields}
        self.same = [self.parent.target_field, *(columns[name] for name in same)]
        self.empty = [columns[name] for name in empty]

    def _store(self, row: Row, connection: Any) -> Any:
        stored = super()._store(row, connection)
        if not stored:
            raise ParentChanged
        return stored

    def _values(self, row: Row, connection: Any) -> list[Any]:
        parent = getattr(row, self.parent.name)
        expected = [
            field.get_db_prep_value(field.value_from_object(parent), connection) for field in self.same
        ]
        return super()._values(row, connection) + expected

    def _source(self, connection: Any) -> str:
        quoted = connection.ops.quote_name
        conditions = [f"{quoted(field.column)} = %s" for field in self.same]
        conditions += [f"{quoted(field.column)} IS NULL" for field in self.empty]
        table = quoted(self.parent.related_model._meta.db_table)
        where = " AND ".join(conditions)
        return f"SELECT {self._places} FROM {table} WHERE {where}{Lock.STAYS.clause(connection.vendor)}"  # noqa: S608
