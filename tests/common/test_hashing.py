"""The hash of a content is stored and public: its value never changes."""

import pytest

from common.records.hashing import content_hash

CONTENT = {
    "b": [1, None, True, 2.5],
    "a": "Ünïcode “x”",
    "é": {"z": "", "y": "日"},
}


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        (
            CONTENT,
            "8b09a4a1eaf24d74ba5f0d9ab1b5f2d95076516fb96b1595bf92b105bf236363",
        ),
        (
            [CONTENT, [CONTENT]],
            "0cc198a2c320a97ee7b48296b987fa81ad8df11484dac22e27352cfa5aba6dd9",
        ),
    ],
)
def test_the_same_content_has_the_same_hash_as_ever(content, digest):
    assert content_hash(content) == digest


def test_the_order_of_names_does_not_count():
    assert content_hash(dict(reversed(CONTENT.items()))) == content_hash(CONTENT)
