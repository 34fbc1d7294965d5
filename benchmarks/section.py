"""A table of the report, and what it is to reach."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reach:
    """A ratio, or a number of statements, that is not to be passed."""

    what: str
    value: float
    at_most: float

    @property
    def row(self) -> list[str]:
        reached = "yes" if self.value <= self.at_most else "**no**"
        return [self.what, f"{self.value:.3g}", f"{self.at_most:g}", reached]


@dataclass
class Section:
    """`bars` are what the chart shows of it, in `unit`; those of `ours` stand out."""

    heading: str
    header: list[str]
    unit: str = ""
    rows: list[list[str]] = field(default_factory=list)
    reaches: list[Reach] = field(default_factory=list)
    bars: dict[str, float] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def bar(self, name: str, value: float, ours: bool) -> None:
        self.bars[name] = value
        self.ours |= {name} if ours else set()

    def markdown(self) -> str:
        notes = [f"{note}\n" for note in self.notes]
        return "\n".join([f"### {self.heading}\n", *notes, table(self.header, self.rows)])


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown, all but its first column to the right where it holds figures."""
    lines = [header, [":--" if index < 2 else "--:" for index in range(len(header))], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f}"
