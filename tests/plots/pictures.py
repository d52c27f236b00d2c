"""What the eye would check in a picture, as functions of the picture."""

import io
from itertools import combinations
from unittest import mock

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image
from scipy import ndimage

from sim.plots.style import PNG_DPI

# A line is thinner than this, an area is not; neighbours are nearer than the reach.
_THICKNESS_PX = 6
_REACH_PX = 4


def png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PNG_DPI)
    return buffer.getvalue()


def lightness(content):
    """CIE L* of each pixel, 0 to 100, as printed without colour."""
    with Image.open(io.BytesIO(content)) as image:
        red_green_blue = np.asarray(image.convert("RGB"), dtype=np.float64) / 255
    linear = np.where(
        red_green_blue <= 0.04045,
        red_green_blue / 12.92,
        ((red_green_blue + 0.055) / 1.055) ** 2.4,
    )
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    root = np.where(
        luminance > 216 / 24389,
        np.cbrt(luminance),
        (24389 / 27 * luminance + 16) / 116,
    )
    return 116 * root - 16


def close_greys(content, least=10.0):
    """Pairs of L* of neighbouring plain areas that are less than `least` apart.

    Hatching has no plain area: its strokes are lines and what is between is the ground.
    """
    grey = np.round(lightness(content), 1)
    plain = ndimage.maximum_filter(grey, _THICKNESS_PX) == ndimage.minimum_filter(
        grey, _THICKNESS_PX
    )
    areas = {float(value): plain & (grey == value) for value in np.unique(grey[plain])}
    # An area's plain pixels begin half a window inside of its edge.
    near = {
        value: ndimage.binary_dilation(area, iterations=_THICKNESS_PX // 2 + _REACH_PX)
        for value, area in areas.items()
    }
    return [
        (dark, light)
        for dark in areas
        for light in areas
        if 0 < light - dark < least and (near[dark] & near[light]).any()
    ]


def troubled_texts(figure):
    """Texts that are cut off at an edge, or lie on one another."""
    canvas = FigureCanvasAgg(figure)
    width, height = canvas.get_width_height()
    # An annotation's own extent would take in its leader.
    boxes = [
        (text.get_text(), Text.get_window_extent(text, canvas.get_renderer()))
        for text in drawn_texts(figure)
    ]
    cut = [
        words
        for words, box in boxes
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    touching = [
        (words, other_words)
        for (words, box), (other_words, other) in combinations(boxes, 2)
        if _overlap(box, other)
    ]
    return cut + touching


def drawn_texts(figure):
    """Texts in the order in which they are drawn; ticks out of range are not."""
    drawn = []

    def draw(text, renderer):
        if text.get_visible() and text.get_text().strip():
            drawn.append(text)

    with mock.patch.object(Text, "draw", draw):
        FigureCanvasAgg(figure).draw()
    return drawn


def _overlap(one, other, slack=1.0):
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > slack
        and min(one.y1, other.y1) - max(one.y0, other.y0) > slack
    )


def smallest_text(figure):
    """Least size of a text that is shown, in points."""
    return min(text.get_fontsize() for text in drawn_texts(figure))
