"""Gathers the admin pages of the code lists, where Django looks for them."""

from reference.code_list import admin as code_list

__all__ = ["code_list"]
