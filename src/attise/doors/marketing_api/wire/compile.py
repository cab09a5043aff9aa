"""From an endpoint's annotations to its shapes, once, when the endpoint is declared."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable
from typing import Annotated, Any, Literal, Union

import msgspec
from django.core.files.uploadedfile import UploadedFile

from attise.doors.marketing_api.wire import kinds, shapes
from attise.doors.marketing_api.wire.shapes import Shape
from attise.kernel.errors import Refusals

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
        maker = _MAKERS.get(type(mark))
        if maker is not None:
            return maker(mark, hint)
    return shape_of(hint)


def _read(hint: Any) -> Any:
    """Return what an item is when it is good: the hint names what it may be instead too."""
    kept = [part for part in typing.get_args(hint) if part is not Refusals]
    return kept[0] if kept else hint


_MAKERS: dict[type, Callable[[Any, Any], Shape]] = {
    kinds.IdMark: lambda mark, _: shapes.IdShape(mark.quoted, mark.number),
    kinds.TimeMark: lambda _mark, _hint: shapes.TimeShape(),
    kinds.AmountMark: lambda _mark, _hint: shapes.AmountShape(),
    kinds.ThousandthsMark: lambda _mark, _hint: shapes.ThousandthsShape(),
    kinds.NotOfferedMark: lambda mark, _: shapes.NotOfferedShape(mark.neutral),
    kinds.Between: lambda mark, _: shapes.WholeShape(mark.least, mark.most, mark.broken),
    kinds.Length: lambda mark, _: shapes.TextShape(mark.least, mark.most),
    kinds.Items: lambda mark, hint: shapes.ListShape(
        shape_of(typing.get_args(hint)[0]), mark.least, mark.most, mark.bare
    ),
    kinds.Each: lambda mark, hint: shapes.EachShape(shape_of(_read(typing.get_args(hint)[0])), mark.least, mark.most),
}
