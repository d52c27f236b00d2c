"""Words of a report stand in a template, values come from Python."""

from typing import NamedTuple

import pytest

from experiments.sanity.writing import WIDEST, Template, narrow

PAGE = """\
# {title}

One of {of:,} worlds
ends in {share:part}, {missing}.

- First: {title}.
- {maybe}
- {each.name} has {each.share:of_100} of 100.

| name | {heads:cells} |
| {each.name} | {each.share:.2f} |
| all | {share:.2f} |

{block}

{maybe}

```sh
run {title}
  --more
```

<!-- aside -->
said in
two lines: {title}
"""


class Each(NamedTuple):
    name: str
    share: float


@pytest.fixture
def template(tmp_path):
    file = tmp_path / "page.md"
    file.write_text(PAGE, encoding="utf-8")
    return Template(file)


def values(**others):
    each = [Each("a", 0.25), Each("bcd", 0.5)]
    return {
        "title": "T",
        "of": 1000,
        "share": 0.0001,
        "missing": "long words " * 20,
        "maybe": "",
        "each": each,
        "heads": ["share"],
        "block": "| x |\n| - |",
        **others,
    }


def test_words_are_filled_and_broken_into_lines(template):
    page = template.page(**values())
    assert page.startswith("# T\n\nOne of 1,000 worlds ends in <.001, long words ")
    assert max(map(len, page.splitlines())) <= WIDEST
    assert page.endswith("\n\n| x |\n| - |\n\n```sh\nrun T\n  --more\n```\n")
    assert narrow(page) == page


def test_rows_and_entries_are_repeated_and_empty_ones_left_out(template):
    page = template.page(**values())
    assert "\n\n- First: T.\n- a has 25 of 100.\n- bcd has 50 of 100.\n\n" in page
    assert (
        "| name | share |\n| ---- | ----- |\n"
        "| a    | 0.25  |\n| bcd  | 0.50  |\n| all  | 0.00  |\n"
    ) in page
    assert "a has" not in template.page(**values(each=[]))


def test_a_part_is_said_only_when_it_is_asked_for(template):
    assert "two lines" not in template.page(**values())
    assert template.words("aside", title="T") == "said in two lines: T"


def test_a_value_that_is_not_given_or_too_wide_a_table_is_an_error(template):
    with pytest.raises(KeyError, match="share"):
        template.page(**{k: v for k, v in values().items() if k != "share"})
    with pytest.raises(ValueError, match=f"wider than {WIDEST}"):
        narrow(template.page(**values(each=[Each("x" * 100, 0.5)])))
