"""The kinds of print jobs of the Forum, gathered when the portal starts."""

from forum.badge.printing import BadgePrint

__all__ = ["BadgePrint"]
