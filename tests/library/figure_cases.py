"""What the tests of figures share."""

from matplotlib.figure import Figure


def assert_nothing_is_cut_off(fig: Figure) -> None:
    """Everything drawn lies within the picture, but for a pixel."""
    fig.canvas.draw()
    width, height = fig.canvas.get_width_height()
    tight = fig.get_tightbbox().transformed(fig.dpi_scale_trans)
    assert min(tight.x0, tight.y0) >= -1
    assert tight.x1 <= width + 1
    assert tight.y1 <= height + 1
