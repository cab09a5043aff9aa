"""Adding up rows of weights in one register: an instruction for the kernel of predictions.

The compiler leaves eight sums that are written out as eight sums: it cannot tell that a row that is read is not one of
those that are written. Nothing imports it at start: see ``serving.kernels``.
"""

from __future__ import annotations

from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from attise.serving.prediction.heads import WIDTH

_WORD: Final = ir.IntType(64)
_HALF: Final = ir.IntType(32)
_EIGHT: Final = ir.VectorType(ir.FloatType(), WIDTH)
_BITS: Final = ir.VectorType(_HALF, WIDTH)


def _add_up(
    _typing: Any,
    sums: Any,
    _at: Any,
    bases: Any,
    _base: Any,
    viewer: Any,
    weights: Any,
    hashes: Any,
    _lane: Any,
    _many: Any,
) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made: Any = make_array
        held = [
            None if kind == types.int64 else made(kind)(context, builder, argument)
            for kind, argument in zip(signature.args, arguments, strict=True)
        ]
        to, at, base_rows, base, own, table, crossed, lane, many = (
            argument if array is None else array for argument, array in zip(arguments, held, strict=True)
        )

        def place_of(array: Any, place: Any) -> Any:
            """Return where a row of eight numbers lies."""
            return builder.bitcast(builder.gep(array.data, [builder.mul(place, _WORD(WIDTH))]), _EIGHT.as_pointer())

        def load(array: Any, place: Any) -> Any:
            found = builder.load(place_of(array, place))
            found.align = 4
            return found

        unpack: Any = cgutils.unpack_tuple
        variable: Any = cgutils.alloca_once
        loops: Any = cgutils.for_range
        mask = builder.sub(unpack(builder, table.shape)[0], _WORD(1))
        first = builder.gep(crossed.data, [builder.mul(lane, unpack(builder, crossed.shape)[1])])
        total = variable(builder, _EIGHT)
        builder.store(builder.fadd(load(base_rows, base), load(own, _WORD(0))), total)
        with loops(builder, many) as loop:
            mixed = builder.load(builder.gep(first, [loop.index]))
            row = builder.bitcast(load(table, builder.and_(mixed, mask)), _BITS)
            sign = builder.trunc(builder.shl(builder.lshr(mixed, _WORD(63)), _WORD(31)), _HALF)
            signs = builder.insert_element(ir.Constant(_BITS, ir.Undefined), sign, _HALF(0))
            signs = builder.shuffle_vector(signs, signs, ir.Constant(_BITS, [0] * WIDTH))
            signed = builder.bitcast(builder.xor(row, signs), _EIGHT)
            builder.store(builder.fadd(builder.load(total), signed), total)
        builder.store(builder.load(total), place_of(to, at)).align = 4
        return context.get_dummy_value()

    told = (sums, types.int64, bases, types.int64, viewer, weights, hashes, types.int64, types.int64)
    return types.void(*told), generate


add_up: Final[Any] = intrinsic(_add_up)
"""``sums[at] = bases[base] + viewer[0] + Σ ± weights[hash]``, over the first ``many`` hashes of a lane, in order.

All are rows of eight numbers; a weight is found by the lowest bits of a hash, and its sign is the highest one.
"""
