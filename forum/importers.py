"""The imports of the Forum, where the portal looks for them."""

from forum.imports.importer import DraftSessionImporter, SessionImporter
from forum.registration.importing import DelegationImporter

__all__ = ["DelegationImporter", "DraftSessionImporter", "SessionImporter"]
