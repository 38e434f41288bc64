"""The kinds of print jobs of the Forum, gathered when the portal starts."""

from forum.badge.printing import BadgePrint
from forum.letter.printing import CertificatePrint

__all__ = ["BadgePrint", "CertificatePrint"]
