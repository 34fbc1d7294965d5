"""The report's bars as a picture."""

from pathlib import Path
from typing import Any

from .section import Section

INK, OURS, OTHERS = "#1f2933", "#0b7285", "#adb5bd"
HEIGHT_OF_A_BAR = 0.32


def draw(sections: list[Section], path: Path) -> None:
    """Write one panel a section, as a PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    shown = [section for section in sections if section.bars]
    heights = [len(section.bars) for section in shown]
    figure, panels = pyplot.subplots(
        len(shown),
        squeeze=False,
        figsize=(9, sum(heights) * HEIGHT_OF_A_BAR + len(shown)),
        height_ratios=heights,
        layout="constrained",
    )
    for section, panel in zip(shown, panels[:, 0], strict=True):
        fill(panel, section)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def fill(panel: Any, section: Section) -> None:
    names, values = list(section.bars), list(section.bars.values())
    colours = [OURS if name in section.ours else OTHERS for name in names]
    bars = panel.barh(names, values, color=colours, height=0.7)
    panel.bar_label(bars, fmt=lambda value: f"{value:,.2f}" if value < 100 else f"{value:,.0f}", padding=4)
    panel.invert_yaxis()
    panel.margins(x=0.12)
    panel.set_title(section.unit, loc="left", fontsize=10, color=INK)
    panel.tick_params(length=0, labelsize=9)
    panel.xaxis.set_visible(False)
    panel.spines[:].set_visible(False)
