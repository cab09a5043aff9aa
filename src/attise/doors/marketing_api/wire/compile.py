"""From an endpoint's annotations to its shapes, once, when the endpoint is declared."""

from __future__ import annotations

import datetime as dt
import types
import typing
from typing import Annotated, Any, Literal, Union

import msgspec
from django.core.files.uploadedfile import UploadedFile

from attise.doors.marketing_api.wire import kinds, shapes
from attise.doors.marketing_api.wire.shapes import Shape

_PLAIN: dict[Any, Shape] = {
    bool: shapes.BooleanShape(),
    str: shapes.TextShape(0, kinds.TEXT_CHARACTERS),
    int: shapes.WholeShape(0, kinds.LARGEST),
    dt.date: shapes.DayShape(),
    UploadedFile: shapes.FileShape(),
}


def object_shape(struct: type[msgspec.Struct]) -> shapes.ObjectShape:
    """Return the shape of a struct's fields."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return shapes.ObjectShape(
        struct,
        tuple(
            shapes.Member(field.name, field.encode_name, shape_of(hints[field.name]), field.required)
            for field in msgspec.structs.fields(struct)
        ),
    )


def shape_of(hint: Any) -> Shape:
    """Return the shape of one annotation. Raises: TypeError for one that has no spelling in the dialect."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return object_shape(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {Union, types.UnionType}:
        kept = [part for part in arguments if part is not types.NoneType]
        if len(kept) == 1:
            return shape_of(kept[0])
    elif origin is Annotated:
        return _marked(arguments[0], arguments[1:])
    elif origin is Literal:
        return shapes.ChoiceShape(arguments)
    elif origin is list:
        return shapes.ListShape(shape_of(arguments[0]), 0, kinds.LIST_ITEMS)
    raise TypeError(f"{hint!r} has no spelling in the dialect")


def _marked(hint: Any, marks: tuple[Any, ...]) -> Shape:
    for mark in marks:
        match mark:
            case kinds.IdMark(quoted=quoted, number=number):
                return shapes.IdShape(quoted, number)
            case kinds.TimeMark():
                return shapes.TimeShape()
            case kinds.Between(least=least, most=most):
                return shapes.WholeShape(least, most)
            case kinds.Length(least=least, most=most):
                return shapes.TextShape(least, most)
            case kinds.Items(least=least, most=most):
                return shapes.ListShape(shape_of(typing.get_args(hint)[0]), least, most)
    return shape_of(hint)
