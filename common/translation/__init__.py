"""Texts of a record in languages other than the one it was written in: typed, approved, read."""
