"""Names as people look for them: without case and accents, whichever database compares them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import F, Func, Model, QuerySet, TextField, Value

from attise.kernel.text import is_storable, plain

Named = TypeVar("Named", bound=Model)
FUNCTION = "attise_plain"
"""What SQLite knows ``plain`` by; the room's registration teaches each connection."""


class Plain(Func):
    """A text without case and accents."""

    function = FUNCTION
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the same in PostgreSQL's own words: marks that letters bear are taken off once they stand apart."""
        template = "lower(regexp_replace(normalize(%(expressions)s, NFD), '[\\u0300-\\u036f]', '', 'g'))"
        return self.as_sql(compiler, connection, template=template, **context)


def named_like(rows: QuerySet[Named], text: str, *, name: str = "name") -> QuerySet[Named]:
    """Return those whose name holds a text, whatever case and accents either has."""
    if not is_storable(text):
        return rows.none()
    return rows.alias(plain_name=Plain(F(name))).filter(plain_name__contains=Plain(Value(text)))


def teach(connection: Any) -> None:
    """Teach a connection what it lacks."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 1, plain, deterministic=True)
