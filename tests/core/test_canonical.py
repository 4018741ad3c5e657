import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssip.core.canonical import canonical, digest

texts = st.text(alphabet=st.characters(codec="utf-8"))
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@given(st.dictionaries(texts, documents))
def test_the_order_of_keys_does_not_matter(document):
    backwards = dict(reversed(list(document.items())))
    # Two keys may be one text once composed: then the last one would win, so leave those out.
    if len({canonical(key) for key in document}) == len(document):
        assert canonical(document) == canonical(backwards)


def test_one_text_has_one_spelling_however_it_was_typed():
    assert digest({"text": "cafe\u0301\r\nnext"}) == digest({"text": "caf\u00e9\nnext"})


def test_a_changed_letter_changes_the_digest():
    assert digest({"text": "safer"}) != digest({"text": "safes"})


def test_a_fraction_is_refused_since_it_has_several_spellings():
    with pytest.raises(TypeError, match="float"):
        canonical({"value": 0.1})
