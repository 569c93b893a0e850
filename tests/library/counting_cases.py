"""The models that count, once more: plain dictionaries and recursion over the context, from the textbook's formulas.

Chen and Goodman 1999, sections 2 and 3. No NumPy, nothing of the library: only strings, counters and sums.
"""

import itertools
from collections import Counter, defaultdict

MARK = "."


def histories(name, longest):
    """The last `longest` characters before each symbol of a name, the symbol with it; a name begins with the mark."""
    text = MARK + name + MARK
    return [(text[max(0, i - longest) : i], text[i]) for i in range(1, len(text))]


class AddK:
    """(count + k) / (total + k V); a context never seen predicts uniformly."""

    def __init__(self, names, characters, order, k):
        self.characters, self.order, self.k = characters, order, k
        self.counts = defaultdict(Counter)
        for name in names:
            for context, symbol in histories(name, order - 1):
                self.counts[context][symbol] += 1

    def law(self, prefix):
        row = self.counts.get((MARK + prefix)[1 - self.order :] if self.order > 1 else "", Counter())
        total = row.total() + self.k * len(self.characters)
        if total == 0:
            return [1 / len(self.characters)] * len(self.characters)
        return [(row[symbol] + self.k) / total for symbol in self.characters]


class Interpolated:
    """What Witten-Bell and Kneser-Ney share: p(w | context) = kept / total + spare / total * p(w | shorter context)."""

    def __init__(self, names, characters, order):
        self.characters, self.order = characters, order
        self.texts = [MARK + name + MARK for name in names]
        self.rows = defaultdict(Counter)  # how often each symbol follows each context of at most order - 1 characters
        self.before = defaultdict(set)  # which characters stand before each string
        for text in self.texts:
            for start, end in itertools.combinations(range(len(text) + 1), 2):
                if start > 0:
                    self.before[text[start:end]].add(text[start - 1])
                if end - 1 - start < order and end > 1:
                    self.rows[text[start : end - 1]][text[end - 1]] += 1

    def law(self, prefix):
        context = (MARK + prefix)[1 - self.order :] if self.order > 1 else ""
        return [self.p(symbol, context) for symbol in self.characters]

    def p(self, symbol, context):
        shorter = self.p(symbol, context[1:]) if context else 1 / len(self.characters)
        if context not in self.rows:
            return shorter
        kept, spare, total = self.share(symbol, context)
        return kept / total + spare / total * shorter


class WittenBell(Interpolated):
    """The spare mass of a context is the number of its different successors, T(h): c / (c(h) + T(h))."""

    def share(self, symbol, context):
        row = self.rows[context]
        return row[symbol], len(row), row.total() + len(row)


class KneserNey(Interpolated):
    """Three discounts a level; below the top, and where something stands before, kinds of predecessors are counted."""

    def a(self, context):
        row = self.rows[context]
        if len(context) == self.order - 1 or context.startswith(MARK):
            return row
        return Counter({symbol: len(self.before[context + symbol]) for symbol in row})

    def discounts(self, length):
        found = Counter(c for h in self.rows if len(h) == length for c in self.a(h).values())
        n1, n2, n3, n4 = (found[k] for k in (1, 2, 3, 4))
        if n1 and n2 and n3:
            Y = n1 / (n1 + 2 * n2)
            three = [1 - 2 * Y * n2 / n1, 2 - 3 * Y * n3 / n2, 3 - 4 * Y * n4 / n3]
            if min(three) > 0:
                return three
        return [0.5, 1, 1.5]

    def share(self, symbol, context):
        row, D = self.a(context), self.discounts(len(context))
        N1, N2 = (sum(c == k for c in row.values()) for k in (1, 2))
        spare = D[0] * N1 + D[1] * N2 + D[2] * (len(row) - N1 - N2)
        c = row[symbol]
        return c - (D[min(c, 3) - 1] if c else 0), spare, row.total()
