"""How a check asks a reader's function: what it returns, or why there is nothing to judge."""

import copy
import dis
import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import partial
from reprlib import repr as short_repr
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from lstm_lib.check.feedback import NOT_ATTEMPTED, Feedback, blank, not_yet

EMPTY = {"RESUME", "NOP", "LOAD_CONST", "POP_TOP", "RETURN_VALUE", "RETURN_CONST"}  # a body of `...`, pass, docstring


def ask(
    function: Callable[..., Any], *arguments: Any, in_place: bool = False, **named: Any
) -> tuple[Any, Feedback | None]:
    """What the reader's function returns, or the feedback that ends the check.

    That is: nothing is filled in yet, it raises, it returns nothing, or it changes what it is given. It is given
    copies, but for generators of chance; with `in_place` the arguments themselves, which it may then write into.
    """
    if not callable(function):
        called = not_yet(f"this should be a function; got {short_repr(function)}.")
        return None, NOT_ATTEMPTED if blank(function) else called
    everything = (*arguments, *named.values())
    kept = {id(each): each for each in everything if in_place or isinstance(each, np.random.Generator)}
    try:
        given, given_named = copy.deepcopy((arguments, named), kept)
        with np.errstate(all="ignore"):
            answer = function(*given, **given_named)
    except (Exception, SystemExit) as error:  # whatever the reader's code raises becomes a hint, never a traceback
        said = str(error)
        return None, not_yet(f"your function raised {type(error).__name__}: {said[:200]}{'...' * (len(said) > 200)}")
    places = enumerate(zip(arguments, given, strict=True))
    changed = [place for place, (before, after) in places if not _alike(before, after)]
    if changed:
        return None, not_yet(_changed_hint(_parameter(function, changed[0]), arguments[changed[0]]))
    return answer, _nothing(function, answer)


def _alike(before: Any, after: Any) -> bool:
    """Whether two values are the same all the way down; what Python cannot compare always is."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        same = (before.dtype, before.shape) == (after.dtype, after.shape)
        return same and before.tobytes() == after.tobytes()
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(_alike(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_alike, before, after))
    if is_dataclass(before):
        return all(_alike(getattr(before, each.name), getattr(after, each.name)) for each in fields(before))
    unknown = type(before).__eq__ is object.__eq__  # type: ignore[comparison-overlap]  # functions, generators
    return unknown or before is after or bool(before == after)


def _parameter(function: Callable[..., Any], place: int) -> str:
    """The reader's own name of the argument at this place, as far as Python knows it."""
    with suppress(TypeError, ValueError, IndexError):  # no signature, as some built-in functions; or *given
        parameter = list(inspect.signature(function).parameters.values())[place]
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            return parameter.name
    return f"argument {place + 1}"


def _changed_hint(name: str, value: object) -> str:
    said = f"your function changes {name}, which whoever calls it still needs"
    x = name if name.isidentifier() else "x"
    if isinstance(value, np.ndarray):
        return f"{said}: write `{x} = {x} * ...`, not `{x} *= ...`, or work on a copy, `{x}.copy()`."
    if isinstance(value, Mapping):
        return f"{said}: `{x}.get(key, 0)` looks without writing."
    if isinstance(value, list):
        return f"{said}: work on a copy, such as `list({x})` or `sorted({x})`."
    return f"{said}: make new arrays and return those; `d = d * ...` makes one, `d *= ...` does not."


def _nothing(function: Callable[..., Any], answer: object) -> Feedback | None:
    """The feedback for an answer that is not there yet, as a whole or in part; None for any other."""
    if answer is None and not _untouched(function):
        if "print" in names_in(function):
            return not_yet("your function prints and returns nothing: end it with `return`, not with `print`.")
        return not_yet("your function returned nothing; did you forget `return`?")
    if blank(answer):
        return NOT_ATTEMPTED
    if not isinstance(answer, list | tuple) or not any(map(blank, answer)):
        return None
    if all(map(blank, answer)):
        return NOT_ATTEMPTED
    waiting = [place for place, part in enumerate(answer, start=1) if blank(part)]
    return not_yet(f"part {waiting[0]} of what your function returns is still to do.")


def _untouched(function: Callable[..., Any]) -> bool:
    """Whether the function's body holds nothing but `...`, pass or a docstring."""
    code = getattr(function, "__code__", None)
    return code is not None and all(step.opname in EMPTY for step in dis.get_instructions(code))


def names_in(function: Callable[..., Any]) -> set[str]:
    """The names of functions, globals and attributes that a reader's function uses, those inside it included."""
    found, waiting = set(), [getattr(function, "__code__", None)]
    while waiting:
        code = waiting.pop()
        if code is not None:
            found |= {*code.co_names}
            if "getattr" in code.co_names:
                found |= {each for each in code.co_consts if isinstance(each, str)}
            waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
    return found


def reached(function: Callable[..., Any]) -> tuple[list[Any], set[str]]:
    """What a reader's function can call, and the names that it uses and the reader has not defined.

    Followed are the reader's own functions that it calls, defaults, closures and `partial`, not the library's insides.
    """
    found: list[Any] = []
    names: set[str] = set()
    home: dict[str, Any] | None = None
    waiting: list[Any] = [function]
    while waiting:
        each = waiting.pop(0)
        if any(each is one for one in found):
            continue
        found.append(each)
        if isinstance(each, partial):
            waiting += [each.func, *each.args, *each.keywords.values()]
        elif isinstance(each, FunctionType) and (home is None or each.__globals__ is home):
            home = each.__globals__
            names |= names_in(each) - home.keys()
            waiting += _at_hand(each)
    return found, names


def _at_hand(function: FunctionType) -> list[Any]:
    """The values of a function's defaults, of its closure and of the globals that it names."""
    found = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a name that has no value yet
            found.append(cell.cell_contents)
    known = function.__globals__
    return found + [known[name] for name in sorted(names_in(function) & known.keys())]


def borrowed_hint(function: Callable[..., Any], *forbidden: Callable[..., Any]) -> str | None:
    """The hint for right numbers that the library computed, by one of these functions, where the reader should."""
    found, names = reached(function)  # by name: as an attribute of a module, or imported in there
    borrowed = [each.__name__ for each in forbidden if each.__name__ in names or any(each is one for one in found)]
    return f"the numbers are right; write it yourself, without the library's {borrowed[0]}." if borrowed else None
