"""Sentences with values that are translated when they are read, not when a module is loaded."""

from django.utils.functional import Promise, keep_lazy_text


@keep_lazy_text
def filled(sentence: str | Promise, **values: object) -> str:
    """The sentence with its values, for a hint of a form: `lazy % values` would stay in the
    language that was active when the form's class was made."""
    return str(sentence) % values
