"""The checks of pictures find what they are for."""

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.plots.pictures import close_greys, png, troubled_texts


def squares(**second):
    figure = Figure(figsize=(2, 1))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.add_patch(Rectangle((0.1, 0.1), 0.4, 0.8, facecolor="#A6A6A6"))
    axes.add_patch(Rectangle((0.5, 0.1), 0.4, 0.8, **second))
    return figure


def test_neighbouring_areas_of_like_grey_are_found():
    assert close_greys(png(squares(facecolor="#9A9A9A")))
    assert not close_greys(png(squares(facecolor="#D9D9D9")))


def test_colours_that_differ_only_on_screen_are_found():
    # Both have L* 68: apart in colour, the same in print.
    assert close_greys(png(squares(facecolor="#DB9A70")))


def test_hatching_tells_an_area_from_its_neighbour():
    hatched = {"facecolor": "none", "edgecolor": "#767676", "hatch": "///"}
    assert not close_greys(png(squares(**hatched)))


def test_texts_on_one_another_and_over_the_edge_are_found():
    figure = Figure(figsize=(2, 1))
    figure.text(0.1, 0.5, "one")
    assert troubled_texts(figure) == []
    figure.text(0.12, 0.5, "two")
    figure.text(0.95, 0.1, "three")
    assert troubled_texts(figure) == ["three", ("one", "two")]
