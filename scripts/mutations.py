"""What a mutant is: the library with one small fault, such as < for <=, + for -, a constant that is one too large."""

import ast
import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
JOINED = {ast.And: ast.Or, ast.Or: ast.And}


class Mutant(NamedTuple):
    """One fault: in which module and line, what stands there instead of what, and its number in the module."""

    module: str
    line: int
    before: str
    after: str
    number: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.before} -> {self.after}"


def changes(node: ast.AST) -> Iterator[ast.AST | None]:
    """What may stand in the place of a node; None is nothing at all."""
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in COMPARED:
            other = copy.deepcopy(node)
            other.ops[0] = COMPARED[type(op)]()
            yield other
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in COMPUTED:
            yield _with(node, op=COMPUTED[type(op)]())
        case ast.BoolOp(op=op):
            yield _with(node, op=JOINED[type(op)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield _with(node, value=not value)
        case ast.Constant(value=int(value) | float(value)):
            yield _with(node, value=value + 1)
        case ast.Return(value=ast.Constant(value=None)):
            return  # another way to say the same would be no fault
        case ast.Return(value=ast.expr()):
            yield _with(node, value=ast.Constant(None))
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield None


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of the node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each node that runs, with the field and the place in its parent; annotations do not run."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "type_params"):
                continue
            for place, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    yield parent, field, place if isinstance(value, list) else None, child


def without_annotations(tree: ast.Module) -> ast.Module:
    """The module without what only a type checker reads, so that no fault is planted there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return tree


def faults(tree: ast.Module) -> Iterator[tuple[Any, ast.AST | None]]:
    """Each node with what stands in its place; the tree has the fault until the next is asked for."""
    for parent, field, place, node in [*places(tree)]:
        for other in changes(node):
            instead = other if other is not None else ast.Pass()
            _put(parent, field, place, ast.copy_location(instead, node))
            yield node, other
            _put(parent, field, place, node)


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module's source, in the order of its lines."""
    found = []
    for number, (node, other) in enumerate(faults(without_annotations(ast.parse(source)))):
        after = ast.unparse(other).split("\n")[0] if other is not None else "nothing"
        found.append(Mutant(module, node.lineno, ast.unparse(node).split("\n")[0], after, number))
    return sorted(found, key=lambda each: (each.line, each.before, each.after))


def planted(source: str, number: int) -> ast.Module:
    """The module with its fault of this number."""
    tree = without_annotations(ast.parse(source))
    next(islice(faults(tree), number, None))
    return ast.fix_missing_locations(tree)


def _put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node
